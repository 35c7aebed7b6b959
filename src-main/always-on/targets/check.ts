import { randomBytes } from 'node:crypto';
import { AppError } from '../../../src-shared/errors.ts';
import { publicAddress, type Target } from './target.ts';
import { request, type HttpAnswer } from './http.ts';

/** How the public address may fail to give out what was written; params say the rest. */
const expectedTypes: readonly [extension: string, type: RegExp][] = [
  ['html', /^text\/html\b/i],
  ['js', /^(text|application)\/(x-)?javascript\b/i],
];

/**
 * Writes two small files, reads them back over the public address and removes them again, also
 * after a failure. Throws what `put` throws, and `address_unreachable`, `address_certificate`,
 * `address_not_serving`, `address_blocked`, `address_policy` and `address_content_type`.
 */
export async function checkTarget(target: Target, publicUrl: string): Promise<void> {
  const folder = `check-${randomBytes(6).toString('hex')}`;
  const paths = expectedTypes.map(([extension]) => `${folder}/check.${extension}`);
  const content = Buffer.from(`/* ${randomBytes(16).toString('hex')} */\n`);
  try {
    for (const path of paths) await target.put(path, content);
    for (const [index, path] of paths.entries()) {
      checkAnswer(await read(publicAddress(publicUrl, path)), content, expectedTypes[index]![1]);
    }
  } finally {
    await cleanUp(target, folder, paths);
  }
  const left = await target.list(folder);
  if (left.length > 0) throw new AppError('target_not_writable');
}

/** What went wrong before is what the owner is told. */
async function cleanUp(target: Target, folder: string, paths: readonly string[]): Promise<void> {
  try {
    for (const path of paths) await target.remove(path);
    await target.removeFolder(folder);
  } catch {
    // The listing after this one tells what is left.
  }
}

async function read(url: string): Promise<HttpAnswer> {
  try {
    // A proxy or CDN must not answer for it with what it knew before.
    return await request(url, { headers: { 'Cache-Control': 'no-cache' } });
  } catch (error) {
    const { host } = new URL(url);
    const isCertificate = error instanceof AppError && error.code === 'target_certificate';
    const code = isCertificate ? 'address_certificate' : 'address_unreachable';
    throw new AppError(code, { host }, { cause: error });
  }
}

function checkAnswer(answer: HttpAnswer, content: Buffer, type: RegExp): void {
  const { status, headers, bytes } = answer;
  if ([401, 403, 407].includes(status)) throw new AppError('address_blocked', { status });
  if (status >= 300 && status < 400) throw new AppError('address_blocked', { status });
  if (status !== 200) throw new AppError('address_not_serving', { status });
  const isSame = content.equals(bytes);
  // A page instead of our file: a sign-in, or an app that answers every address.
  if (!isSame && /<html|<!doctype/i.test(Buffer.from(bytes).toString('latin1'))) {
    throw new AppError('address_blocked', { status });
  }
  if (!isSame) throw new AppError('address_not_serving', { status });
  const found = headers.get('content-type') ?? '';
  if (!type.test(found)) throw new AppError('address_content_type', { type: found.slice(0, 100) });
  if (!allowsViewer(headers)) throw new AppError('address_policy');
}

/** Whether a Content-Security-Policy of the provider lets the page's own script and files in. */
function allowsViewer(headers: Headers): boolean {
  const policies = headers.get('content-security-policy')?.split(',') ?? [];
  return policies.every((policy) => {
    const directives = new Map(
      policy.split(';').map((text) => {
        const [name = '', ...sources] = text.trim().toLowerCase().split(/\s+/);
        return [name, sources] as const;
      }),
    );
    const sandbox = directives.get('sandbox');
    if (sandbox && !(sandbox.includes('allow-scripts') && sandbox.includes('allow-same-origin'))) {
      return false;
    }
    return ['script-src', 'style-src', 'connect-src'].every((name) => {
      const sources = directives.get(name) ?? directives.get('default-src');
      return (
        sources === undefined || sources.some((source) => /^('self'|\*|https?:)$/.test(source))
      );
    });
  });
}
