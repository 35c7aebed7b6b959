import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import type { Browser, Page } from 'playwright';
import { PNG } from 'pngjs';

/*
 * Pictures that were looked at once and kept: a test compares what the app shows with them. Each is
 * a sheet with the variants of one page side by side. Letters look the same only with the same
 * Chromium and the same fonts, so `made-with.json` says with which the pictures were made.
 */

const folder = join(import.meta.dirname, '../references');
const madeWithFile = join(folder, 'made-with.json');

/** `npm run references`: the pictures are made instead of compared. */
export const isRenewing = process.env['RENEW_REFERENCES'] === '1';

/** The fonts of the pictures, as patterns of fontconfig. */
const fonts = ['Noto Sans', 'Noto Sans:bold', 'Noto Sans Arabic', 'DejaVu Sans Mono'];

/** Letters without the marks of one screen, and the same colours everywhere. */
export const referenceArgs = [
  '--font-render-hinting=none',
  '--disable-lcd-text',
  '--force-color-profile=srgb',
];

/** Pixels of one variant that may differ: the edges of letters on another processor. */
export const maxDifferent = 60;

/** What letters depend on: a picture made with something else cannot be compared. */
function surroundings(browser: Browser): Record<string, string> {
  const found: Record<string, string> = { Chromium: browser.version() };
  for (const font of fonts) {
    const [file = '', family = ''] = matchFont(font).split('\n');
    const isThere = family.split(',').includes(font.split(':')[0]!);
    found[font] = isThere
      ? createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16)
      : 'missing';
  }
  return found;
}

/** File and family; empty without fontconfig. */
function matchFont(pattern: string): string {
  try {
    return execFileSync('fc-match', ['-f', '%{file}\n%{family}', pattern], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

/** Why the pictures cannot be compared here, in words; null: they can. */
export function whyNotComparable(browser: Browser): string | null {
  const here = surroundings(browser);
  if (isRenewing) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(madeWithFile, `${JSON.stringify(here, null, 2)}\n`);
    return null;
  }
  const then = JSON.parse(readFileSync(madeWithFile, 'utf8')) as Record<string, string>;
  const others = Object.keys(here).filter((name) => here[name] !== then[name]);
  if (others.length === 0) return null;
  return `the reference pictures were made with another ${others.join(', another ')}`;
}

/** Runs in the page, before its scripts: the fonts of the pictures, and nothing that moves. */
export function fixLook(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    body { font-family: 'Noto Sans', 'Noto Sans Arabic' !important; }
    :root { --mono: 'DejaVu Sans Mono' !important; }
    *, ::before, ::after { animation: none !important; transition: none !important; }
  `);
  document.adoptedStyleSheets = [sheet];
}

const fileOf = (name: string): string => join(folder, `${name.replaceAll(' ', '-')}.png`);

export const hasReference = (name: string): boolean => existsSync(fileOf(name));

/** How one variant of a page is taken: the whole document or the window. */
export interface Shot {
  page: Page;
  fullPage?: boolean;
  /** What is of this computer or made by chance, such as a link: it is painted over. */
  hidden?: string;
}

const take = async ({ page, fullPage = false, hidden }: Shot): Promise<Buffer> =>
  page.screenshot({
    fullPage,
    animations: 'disabled',
    ...(hidden ? { mask: [page.locator(hidden)], maskColor: '#8a8f94' } : {}),
  });

/** Colours in steps of eight, which halves the files and shows no less to the eye. */
function read(bytes: Buffer): PNG {
  const picture = PNG.sync.read(bytes);
  for (let index = 0; index < picture.data.length; index++) picture.data[index]! &= 0xf8;
  return picture;
}

/** The pictures beside each other, from their top. */
function sheetOf(pictures: readonly PNG[]): PNG {
  const sheet = new PNG({
    width: pictures.reduce((sum, { width }) => sum + width, 0),
    height: Math.max(...pictures.map(({ height }) => height)),
    fill: true,
  });
  let left = 0;
  for (const picture of pictures) {
    PNG.bitblt(picture, sheet, 0, 0, picture.width, picture.height, left, 0);
    left += picture.width;
  }
  return sheet;
}

/** How many pixels differ, and where; every pixel if the sizes do. */
export function compare(a: PNG, b: PNG): { different: number; diff: PNG } {
  const diff = new PNG({ width: a.width, height: a.height });
  if (a.width !== b.width || a.height !== b.height) {
    return { different: a.width * a.height, diff };
  }
  const different = pixelmatch(a.data, b.data, diff.data, a.width, a.height, { threshold: 0.1 });
  return { different, diff };
}

/** So many equal pictures in a row: the page has come to rest. */
const restful = 3;

/**
 * Compares a page, in some variants, with its reference; makes that instead if `isRenewing`. Takes
 * pictures until they fit, or until nothing moves any more. Throws with the paths of what differs.
 */
export async function expectReference(name: string, shots: readonly Shot[]): Promise<void> {
  const file = fileOf(name);
  if (!isRenewing && !existsSync(file)) {
    throw new Error(`There is no reference of ${name} yet: npm run references`);
  }
  let seen = '';
  for (let equal = 0; ;) {
    const taken: Buffer[] = [];
    for (const shot of shots) taken.push(await take(shot));
    const digest = createHash('sha256').update(Buffer.concat(taken)).digest('hex');
    equal = digest === seen ? equal + 1 : 0;
    seen = digest;
    const sheet = sheetOf(taken.map(read));
    if (isRenewing) {
      if (equal < restful) continue;
      mkdirSync(folder, { recursive: true });
      writeFileSync(
        file,
        PNG.sync.write(sheet, { colorType: 2, filterType: 0, deflateLevel: 9, deflateStrategy: 0 }),
      );
      return;
    }
    const { different, diff } = compare(sheet, read(readFileSync(file)));
    if (different <= maxDifferent * shots.length) return;
    if (equal < restful) continue;
    const out = mkdtempSync(join(tmpdir(), 'reference-'));
    writeFileSync(join(out, 'is.png'), PNG.sync.write(sheet));
    writeFileSync(join(out, 'differs.png'), PNG.sync.write(diff));
    throw new Error(
      `${name} looks other than in ${file}: ${different} pixels. See ${out}. Is it meant? npm run references`,
    );
  }
}
