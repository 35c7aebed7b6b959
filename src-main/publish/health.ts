import { randomBytes } from 'node:crypto';
import { checkPath } from '../../src-shared/domain/share-link.ts';
import { basePathOf } from '../../src-shared/domain/public-url.ts';
import type { HealthReason } from '../../src-shared/contract/publish.ts';

/** By which way clients come: the same silence has another cause on each. */
export type Way = 'loopback' | 'lan' | 'tunnel' | 'own';

const timeoutMs = 10_000;
const maxRedirects = 10;
const maxBytes = 64 * 1024;

/** As a client's browser: some tunnels show a page of their own to browsers only. */
const browserHeaders = {
  'User-Agent':
    'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 CustomerPortalCheck',
  Accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
};

/** Questions that the program asks its own portal, and their answers; nobody else knows them. */
export class Questions {
  readonly #open = new Map<string, string>();

  /** For the portal: the answer to a question that is on its way; null for all others. */
  readonly answer = (question: string): string | null => this.#open.get(question) ?? null;

  /**
   * Opens the portal at a base address, as a client's browser would, and looks whether it is this
   * program that answers, and by that address. Null: it is.
   */
  async ask(base: string, way: Way): Promise<HealthReason | null> {
    const [question, answer] = [token(), token()];
    this.#open.set(question, answer);
    try {
      const { status, text } = await open(base + checkPath + question);
      return judge(status, text, { answer, base, way });
    } catch (error) {
      return reasonOf(error, way);
    } finally {
      this.#open.delete(question);
    }
  }
}

const token = (): string => randomBytes(16).toString('base64url');

/** Follows redirects; reads as much as an answer of ours has. */
async function open(url: string): Promise<{ status: number; text: string }> {
  const signal = AbortSignal.timeout(timeoutMs);
  let next = url;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const response = await fetch(next, { redirect: 'manual', headers: browserHeaders, signal });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) {
      return { status: response.status, text: await readSome(response) };
    }
    await response.body?.cancel();
    next = new URL(location, next).href;
  }
  return { status: 310, text: '' };
}

async function readSome(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes as Uint8Array, { stream: true });
    if (text.length > maxBytes) break;
  }
  return text;
}

function judge(
  status: number,
  text: string,
  { answer, base, way }: { answer: string; base: string; way: Way },
): HealthReason | null {
  const own = parse(text);
  if (own?.answer === answer) return own.base === basePathOf(base) ? null : 'wrong_address';
  // A proxy or tunnel that reaches nobody: Cloudflare has numbers of its own from 520 on.
  if (status >= 500) return way === 'tunnel' ? 'tunnel_gone' : 'asleep';
  if (status === 404 || status === 410) return 'wrong_address';
  return 'interstitial';
}

function parse(text: string): { answer?: unknown; base?: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

const certificateCodes = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|ERR_TLS|ERR_SSL|SSL_/;

/** What the system says when nothing answers. */
export function reasonOf(error: unknown, way: Way): HealthReason {
  const { name, cause } = error as {
    name?: string;
    cause?: { code?: string; errors?: { code?: string }[] };
  };
  const code = cause?.code ?? cause?.errors?.[0]?.code ?? '';
  if (certificateCodes.test(code)) return 'certificate';
  if (code === 'ENOTFOUND') return 'wrong_address';
  if (code === 'EAI_AGAIN' || code === 'ENETUNREACH' || code === 'ENETDOWN') return 'no_network';
  if (way === 'tunnel') return 'tunnel_gone';
  if (way === 'own') return name === 'TimeoutError' ? 'firewall' : 'proxy_gone';
  return way === 'lan' ? 'firewall' : 'asleep';
}
