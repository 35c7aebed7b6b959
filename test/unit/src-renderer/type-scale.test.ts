import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../../src-renderer');
const files = globSync('**/*.{svelte,css}', { cwd: root });

describe('font sizes', () => {
  it('are taken from the scale in app.css everywhere', () => {
    expect(files.length).toBeGreaterThan(80);
    const loose = files.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/\bfont(?:-size)?:([^;}]+)/g)]
        .map(([, value]) => value!.trim())
        // 0: the text is not read, another one stands in its place.
        .filter((value) => !/^(inherit$|0$|var\(--text-[a-z]+\))/.test(value))
        .map((value) => `${file}: ${value}`),
    );
    expect(loose).toEqual([]);
  });

  it('name a size that the scale has', () => {
    const scale = new Set(
      [...readFileSync(join(root, 'app.css'), 'utf8').matchAll(/(--text-[a-z]+):/g)].map(
        (m) => m[1],
      ),
    );
    const used = files.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/var\((--text-[a-z]+)\)/g)].map(
        (m) => m[1],
      ),
    );
    expect([...new Set(used)].filter((name) => !scale.has(name))).toEqual([]);
  });
});
