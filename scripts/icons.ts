// node scripts/icons.ts: makes every icon of the program from resources/icon.svg, with Chromium.
// What it makes is kept in the repository, so that packaging needs no browser.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { launchChromium } from '../test/support/chromium.ts';

const resources = join(import.meta.dirname, '../resources');
const source = readFileSync(join(resources, 'icon.svg'), 'utf8');

/** Linux installs each of them; electron-builder goes by their names. */
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const icoSizes = [16, 24, 32, 48, 64, 128, 256];
/** Apple's names of the sizes in an `.icns`, each a PNG. */
const icnsTypes: [type: string, size: number][] = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1024],
  ['ic11', 32],
  ['ic12', 64],
  ['ic13', 256],
  ['ic14', 512],
];

/** macOS takes the shape alone and colours it: the door, with the bars cut out. */
function templateOf(svg: string): string {
  const door = /<path id="door" d="([^"]+)"/.exec(svg)?.[1];
  const bars = /<g id="bars">([\s\S]*?)<\/g>/.exec(svg)?.[1];
  if (door === undefined || bars === undefined) throw new Error('icon.svg has no door or no bars');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="64 48 384 384" preserveAspectRatio="xMidYMid meet">
    <mask id="cut"><rect width="512" height="512" fill="#fff"/>
      <g>${bars.replaceAll(/fill="[^"]+"/g, 'fill="#000"')}</g></mask>
    <path d="${door}" mask="url(#cut)"/></svg>`;
}

async function render(browser: Browser, svg: string, size: number): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const url = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  await page.setContent(
    `<style>*{margin:0}img{display:block;width:${size}px;height:${size}px}</style><img src="${url}">`,
  );
  const png = await page.screenshot({ omitBackground: true });
  await page.close();
  return png;
}

/** An `.ico` of PNGs, which Windows reads since Vista. */
function icoOf(images: { size: number; png: Buffer }[]): Buffer {
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let offset = head.length;
  for (const [index, { size, png }] of images.entries()) {
    const at = 6 + 16 * index;
    // 0 means 256.
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([head, ...images.map(({ png }) => png)]);
}

function icnsOf(images: { type: string; png: Buffer }[]): Buffer {
  const parts = images.map(({ type, png }) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(8 + png.length, 4);
    return Buffer.concat([head, png]);
  });
  const head = Buffer.alloc(8);
  head.write('icns', 'latin1');
  head.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0), 4);
  return Buffer.concat([head, ...parts]);
}

const browser = await launchChromium();
const write = (path: string, bytes: Buffer | string): void =>
  writeFileSync(join(resources, path), bytes);
mkdirSync(join(resources, 'icons'), { recursive: true });
mkdirSync(join(resources, 'tray'), { recursive: true });

const pngs = new Map<number, Buffer>();
for (const size of sizes) pngs.set(size, await render(browser, source, size));
for (const [size, png] of pngs) write(`icons/${size}x${size}.png`, png);
const ico = icoOf(icoSizes.map((size) => ({ size, png: pngs.get(size)! })));
write('icons/icon.ico', ico);
write('icons/icon.icns', icnsOf(icnsTypes.map(([type, size]) => ({ type, png: pngs.get(size)! }))));

write('tray/tray.ico', ico);
write('tray/tray.png', pngs.get(32)!);
write('tray/tray@2x.png', pngs.get(64)!);
const template = templateOf(source);
write('tray/trayTemplate.png', await render(browser, template, 16));
write('tray/trayTemplate@2x.png', await render(browser, template, 32));
// A test sees by it that the icons are of this drawing.
write('icons/source.sha256', `${createHash('sha256').update(source).digest('hex')}\n`);
await browser.close();
