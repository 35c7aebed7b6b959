import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const tokens = read('src-shared/styles/tokens.css');

/** A colour in a style: a number of hexadecimal digits, or a function of numbers. */
const colour = /#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|lab|lch|hwb)\([\d ]/gi;

/** The style of a component; a whole style sheet. */
function stylesOf(path: string): string {
  const text = read(path);
  if (!path.endsWith('.svelte')) return text;
  return [...text.matchAll(/<style[^>]*>([^]*?)<\/style>/g)].map(([, style]) => style).join('\n');
}

/** Red, green and blue of `light-dark(#…, #…)`, from 0 to 255. */
function valuesOf(name: string): Record<'light' | 'dark', number[]> {
  const [, light, dark] = new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\);`).exec(tokens)!;
  const parts = (hex: string): number[] => {
    const digits = hex.length === 4 ? hex.replaceAll(/\w/g, '$&$&') : hex;
    return [1, 3, 5].map((at) => Number.parseInt(digits.slice(at, at + 2), 16));
  };
  return { light: parts(light!), dark: parts(dark!) };
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(a: number[], b: number[]): number {
  const [low, high] = [a, b].map(luminance).sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(parts: number[]): number {
  const [red, green, blue] = parts.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe('The palette', () => {
  it('stands in one file: no style of the portal or the app names a colour itself', () => {
    const paths = globSync('src-{renderer,server,shared}/**/*.{css,svelte}', { cwd: root }).filter(
      (path) => path !== 'src-shared/styles/tokens.css',
    );
    expect(paths.length).toBeGreaterThan(80);
    const found = paths.flatMap((path) =>
      [...stylesOf(path).matchAll(colour)].map(([text]) => `${path}: ${text}`),
    );
    // Scanners want a QR code on white, in every theme.
    expect(found.toSorted()).toEqual(['src-renderer/ui/QrImage.svelte: #fff']);
  });

  it('is the one from which code takes the grounds that it compares with', () => {
    const surfaces = /--surface: light-dark\((.*?), (.*?)\);/.exec(tokens)!.slice(1);
    const colors = read('src-server/view-model/colors.ts');
    expect(surfaces).toEqual(['#fff', '#191f22']);
    expect(colors).toContain(`lightSurface = '#ffffff'`);
    expect(colors).toContain(`darkSurface = '#191f22'`);
    expect(valuesOf('accent').light).toEqual([0x0a, 0x65, 0x70]);
    expect(read('src-server/charts/charts-client.js')).toContain(`colors: ['#0a6570']`);
  });

  it.each(['light', 'dark'] as const)(
    'is readable (AA) in the %s theme, on every ground',
    (theme) => {
      const value = (name: string): number[] => valuesOf(name)[theme];
      for (const text of ['ink', 'muted', 'accent', 'over', 'warn', 'ok']) {
        for (const ground of ['ground', 'surface', 'soft', 'side']) {
          expect([text, ground, contrast(value(text), value(ground)) >= 4.5]).toEqual([
            text,
            ground,
            true,
          ]);
        }
      }
      const pairs = [
        ['accent-ink', 'accent', 4.5],
        ['accent', 'accent-soft', 4.5],
        ['ink', 'accent-soft', 4.5],
        ['toast-ink', 'toast', 4.5],
        ['toast-accent', 'toast', 4.5],
        ['toast-ink', 'toast-over', 4.5],
        ['edge', 'surface', 3],
        ['edge', 'ground', 3],
      ] as const;
      for (const [text, ground, ratio] of pairs) {
        expect([text, ground, contrast(value(text), value(ground)) >= ratio]).toEqual([
          text,
          ground,
          true,
        ]);
      }
    },
  );
});
