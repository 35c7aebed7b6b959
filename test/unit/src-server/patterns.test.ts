import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { botName, deviceClass } from '../../../src-server/access/visitors.ts';

/**
 * No text of a client makes a pattern slow. All patterns of the server, and of what it is built
 * on, are read from the sources and tried on strings that are made of their own words: repeated,
 * so that a pattern which starts anew at each of them, or divides them in many ways, takes
 * hundreds of times as long as reading the string once. (The lint rule says the same by thinking.)
 */
const root = resolve(import.meta.dirname, '../../..');
const folders = [
  ...['src-server', 'src-shared', 'src-main/http', 'src-main/browser-host', 'src-main/publish'],
  ...['src-main/program', 'src-main/passwords', 'src-main/secrets', 'src-main/sign-in'],
  ...['src-main/tunnels', 'src-main/ssh'],
];
/** Characters; twice what Node takes as headers, so that a square shows against the noise. */
const length = 32_768;
const slowest = 300;

interface Found {
  where: string;
  pattern: RegExp;
}

function patternsOf(file: string): Found[] {
  const text = readFileSync(file, 'utf8');
  const script = file.endsWith('.svelte')
    ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, code]) => code).join('\n')
    : text;
  const source = ts.createSourceFile(file, script, ts.ScriptTarget.Latest);
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const flags = node.text.slice(end + 1).replace('g', '');
      found.push({
        where: `${file.slice(root.length + 1)} ${node.text}`,
        pattern: new RegExp(node.text.slice(1, end), flags),
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const patterns = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js|svelte)$/.test(name))
    .flatMap((name) => patternsOf(join(root, folder, name))),
);

const filled = (part: string, size: number): string =>
  part.repeat(Math.ceil(size / part.length)).slice(0, size);

/** One part repeated, and each two of the pattern's words; none of them at the end. */
function worstStrings({ source }: RegExp): string[] {
  const words = source.replaceAll(/\\[dDwWsSbB]/g, ' ').match(/[A-Za-z][\w-]+/g) ?? [];
  const parts = [...new Set(words)].slice(0, 8);
  const single = [...'aA0 _-/.,:;%@&"\'<[(=\n\t', ' a', 'a ', '0.', '1,', '//', '<!--', 'a@', '\\'];
  const pairs = parts.flatMap((first) =>
    parts.map((second) => filled(first, length / 2) + filled(second, length / 4)),
  );
  return [
    ...[...parts, ...single].map((part) => `${filled(part, length)}\u0001`),
    ...pairs.map((text) => `${text}${filled('x', length / 4)}\u0001`),
  ];
}

/**
 * Milliseconds, the best of some tries; ends at the first one under `enough`. A busy machine takes
 * the processor away in the middle of a try, but not in each of many.
 */
function timeOf(job: () => void, enough: number, tries = 30): number {
  let best = Infinity;
  for (let tried = 0; tried < tries && best > enough; tried++) {
    const start = performance.now();
    job();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

function scan(text: string): number {
  let sum = 0;
  for (let index = 0; index < text.length; index++) sum += text.charCodeAt(index);
  return sum;
}

const plain = filled('the quick brown fox ', length);
for (let warm = 0; warm < 200; warm++) scan(plain);
const scanMs = timeOf(() => scan(plain), 0, 300);

/** How often the string could have been read in the time that the pattern takes. */
const slowness = (pattern: RegExp, text: string): number =>
  timeOf(() => pattern.test(text), scanMs * slowest) / scanMs;

describe('patterns of the server', () => {
  it('are found, and the trial finds slow ones', () => {
    expect(patterns.length).toBeGreaterThan(40);
    expect(patterns.map(({ where }) => where)).toContainEqual(expect.stringContaining('visitors'));
    for (const slow of [/Android(?!.*Mobile)/i, /facebot.*Twitterbot/i]) {
      const isFound = worstStrings(slow).some((text) => slowness(slow, text) > slowest);
      expect(isFound, String(slow)).toBe(true);
    }
  });

  it.each(patterns)('$where is linear', ({ pattern }) => {
    for (const text of worstStrings(pattern)) {
      expect(slowness(pattern, text), JSON.stringify(text.slice(0, 40))).toBeLessThan(slowest);
    }
  });
});

describe('what a program says about itself', () => {
  const long = [
    filled('facebookexternalhit', 4370) + filled('Facebot', 4340) + filled('x', 7000),
    filled('Android ', 16_000),
    filled('iPad bot WhatsApp ', 16_000),
  ];

  it.each(long)('costs no more than some readings of it (%#)', (agent) => {
    for (const read of [botName, deviceClass]) {
      const time = timeOf(() => read(agent), scanMs * 100);
      expect(time / scanMs).toBeLessThan(100);
    }
  });

  it('counts in its first 512 characters only', () => {
    expect(botName(`${'x'.repeat(511)} Slackbot`)).toBeNull();
    expect(deviceClass(`${'x'.repeat(512)}iPad`)).toBe('other');
  });
});
