import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import pageScript from 'virtual:page-script';
import tokens from '../../src-shared/styles/tokens.css?raw';
import charts from '../charts/charts.css?raw';
import { chartsLibrary } from '../charts/charts-library.ts';
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
 * share comes first. Each file ends with its own rules for phones, then for paper. Every kilobyte of
 * a first visit counts: it is without indents, and comments that fill a line.
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
]
  .join('\n')
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '' && !(line.startsWith('/*') && line.endsWith('*/')))
  .join('\n');

/** What a content policy says to allow the sheet in a document. */
export const styleHash = `'sha256-${createHash('sha256').update(styleText).digest('base64')}'`;

export interface Asset {
  /** Has a digest of the bytes in its name, so that a browser may keep it for ever. */
  path: string;
  type: string;
  bytes: Buffer;
  gzipped: Buffer;
}

export const portalStyle = makeAsset('css', 'text/css; charset=utf-8', styleText);
const scriptType = 'text/javascript; charset=utf-8';
export const portalScript = makeAsset('js', scriptType, pageScript);
/** Fetched by the script once somebody looks at a chart. */
export const portalCharts = makeAsset('js', scriptType, chartsLibrary);

const byPath = new Map(
  [portalStyle, portalScript, portalCharts].map((asset) => [asset.path, asset]),
);

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
