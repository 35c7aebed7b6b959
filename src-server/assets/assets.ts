import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import tableTools from 'virtual:table-tools';
import tokens from '../../src-shared/styles/tokens.css?raw';
import charts from '../charts/charts.css?raw';
import { chartsScript } from '../charts/charts-script.ts';
import tableToolsStyle from '../table-tools/table-tools.css?raw';
import base from '../styles/base.css?raw';
import cells from '../styles/cells.css?raw';
import details from '../styles/details.css?raw';
import frame from '../styles/frame.css?raw';
import menus from '../styles/menus.css?raw';
import message from '../styles/message.css?raw';
import overview from '../styles/overview.css?raw';
import projects from '../styles/projects.css?raw';
import tables from '../styles/tables.css?raw';

/**
 * One sheet for all pages. Of two rules that are equally specific the later wins: what all pages
 * share comes first. Each file ends with its own rules for phones, then for paper.
 */
export const styleText = [
  tokens,
  base,
  frame,
  menus,
  overview,
  charts,
  tables,
  cells,
  details,
  tableToolsStyle,
  projects,
  message,
].join('\n');

export interface Asset {
  /** Has a digest of the bytes in its name, so that a browser may keep it for ever. */
  path: string;
  type: string;
  bytes: Buffer;
  gzipped: Buffer;
}

export const portalStyle = makeAsset('css', 'text/css; charset=utf-8', styleText);
export const portalScript = makeAsset(
  'js',
  'text/javascript; charset=utf-8',
  `${chartsScript}\n${tableTools}`,
);

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
