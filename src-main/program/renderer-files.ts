import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

export interface RendererFile {
  body: Buffer;
  headers: Record<string, string>;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/**
 * For every page of the owner's app, in both hosts. The share's preview is a frame without a
 * source of its own (`srcdoc`), which inherits this policy: its inline styles are why
 * `style-src` allows them. No script runs but ours.
 */
export const ownerPageHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
};

/**
 * All files of the built renderer by their path (`/index.html`, and `/` for it), read once: a
 * path that is not a key is not served, so no trick with dots or encodings reaches the disk.
 */
export function loadRendererFiles(rendererDir: string): ReadonlyMap<string, RendererFile> {
  const files = new Map<string, RendererFile>();
  for (const entry of readdirSync(rendererDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const type = types[extname(entry.name)];
    if (type === undefined) continue;
    const body = readFileSync(file);
    const path = `/${relative(rendererDir, file).split(sep).join('/')}`;
    const headers = {
      'Content-Type': type,
      'Content-Length': String(body.length),
      ETag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
      // Names under assets carry a hash of the content.
      'Cache-Control': path.startsWith('/assets/') ? 'private, max-age=31536000' : 'no-cache',
      ...ownerPageHeaders,
    };
    files.set(path, { body, headers });
  }
  const index = files.get('/index.html');
  if (index === undefined) throw new Error(`no index.html in ${rendererDir}: run "npm run build"`);
  return files.set('/', index);
}
