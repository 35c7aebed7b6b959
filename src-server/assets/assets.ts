import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
// By path, not by package name: the build leaves packages outside the bundle, `?raw` cannot.
import frappeCharts from '../../node_modules/frappe-charts/dist/frappe-charts.min.umd.js?raw';
import clientScript from './portal-client.js?raw';
import styleSheet from '../styles/portal.css?raw';

export interface Asset {
  /** Has a digest of the bytes in its name, so that a browser may keep it for ever. */
  path: string;
  type: string;
  bytes: Buffer;
  gzipped: Buffer;
}

/**
 * The library without the reference to its map, which is not served, and with its own style
 * sheet going nowhere: the pages' policy refuses it, what is needed of it is in portal.css.
 */
function readLibrary(): string {
  const styleParent = 'document.head||document.getElementsByTagName("head")[0]';
  if (!frappeCharts.includes(styleParent)) throw new Error('frappe-charts adds its styles anew');
  return frappeCharts
    .replace(styleParent, 'document.createDocumentFragment()')
    .replace(/\n\/\/# sourceMappingURL=\S*\s*$/, '\n');
}

export const portalStyle = makeAsset('css', 'text/css; charset=utf-8', styleSheet);
export const portalScript = makeAsset(
  'js',
  'text/javascript; charset=utf-8',
  `${readLibrary()}\n${clientScript}`,
);
export const styleText = styleSheet;

const byPath = new Map([portalStyle, portalScript].map((asset) => [asset.path, asset]));

/** The asset of a path such as `/assets/portal-1a2b….css`, null if there is none. */
export const findAsset = (path: string): Asset | null => byPath.get(path) ?? null;

function makeAsset(extension: string, type: string, text: string): Asset {
  const digest = createHash('sha256').update(text).digest('base64url').slice(0, 16);
  const bytes = Buffer.from(text);
  return {
    path: `/assets/portal-${digest}.${extension}`,
    type,
    bytes,
    gzipped: gzipSync(bytes, { level: 9 }),
  };
}
