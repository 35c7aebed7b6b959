import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { App } from '../app.ts';
import { createDeliveryErrors } from '../../src-shared/client-resets.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { answerJson } from '../http/json-answer.ts';
import { readJsonBody } from '../http/json-body.ts';
import { listen } from '../http/listen.ts';
import { loadRendererFiles, ownerPageHeaders } from '../program/renderer-files.ts';
import { translatorFor, type Texts } from '../program/texts.ts';
import { createEventStreams } from './events.ts';
import { checkCall, checkEvents, checkHost, type Refusal } from './guard.ts';
import { cookieName, createSignIn } from './sign-in.ts';

export interface BrowserHost {
  url: string;
  /** An address that signs one browser in, once, within the next 10 minutes. */
  oneTimeUrl(): string;
  stop(): Promise<void>;
}

export interface BrowserHostOptions {
  app: Pick<App, 'call' | 'onChanged'>;
  rendererDir: string;
  texts: Texts;
  log: Log;
  clock: Clock;
  /** 0: any free port. */
  port: number;
}

const requestSchema = z.strictObject({ method: z.string(), input: z.unknown().optional() });

/**
 * The owner's app for a browser on this computer: 127.0.0.1 only, and a listener of its own,
 * so that the admin API is never where the portal is. Throws what `listen` throws.
 */
export async function createBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const { app } = options;
  const notDelivered = createDeliveryErrors(options, 'the browser host could not answer');
  const files = loadRendererFiles(options.rendererDir);
  const signIn = createSignIn(options.clock);
  const events = createEventStreams();
  const unsubscribe = app.onChanged((topics) => events.send(topics));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = checkHost(request);
    if (refusal !== null) return end(response, refusal);
    // As it was sent: what a URL parser tidies (dots, double slashes) is no path of ours.
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    if (path === '/api') return answerCall(request, response);
    if (path === '/api/events') return answerEvents(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return end(response, { status: 405, reason: 'GET only' });
    }
    if (path === '/open') {
      return open(new URLSearchParams(query).get('token'), request, response);
    }
    serveFile(path, request, response);
  }

  async function answerCall(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sessionId = sessionOf(request);
    const refusal = checkCall(request) ?? checkSession(sessionId);
    if (refusal !== null || sessionId === null) return end(response, refusal);
    const parsed = requestSchema.safeParse((await readJsonBody(request))?.body);
    if (!parsed.success) return end(response, { status: 400, reason: 'no call' });
    const { method, input } = parsed.data;
    const reply = await app.call({ method, input }, { sessionId });
    answerJson(response, 200, reply, ownerPageHeaders);
  }

  function answerEvents(request: IncomingMessage, response: ServerResponse): void {
    const refusal = checkEvents(request) ?? checkSession(sessionOf(request));
    if (refusal !== null) return end(response, refusal);
    events.open(response);
  }

  /** A browser that only fetches ahead, or a HEAD, must not use the token up. */
  function open(token: string | null, request: IncomingMessage, response: ServerResponse): void {
    const ahead = request.headers['sec-purpose'] !== undefined || request.method !== 'GET';
    const cookie = token === null || ahead ? null : signIn.redeem(token);
    // A used address opened again, from the history: fine for whoever is signed in already.
    if (cookie === null && sessionOf(request) === null) return signInPage(request, response);
    // Coming from a file, a redirect to our page would leave the strict cookie out; a page does not.
    const isFromElsewhere = request.headers['sec-fetch-site'] === 'cross-site';
    response.writeHead(isFromElsewhere ? 200 : 303, {
      ...(isFromElsewhere ? { 'Content-Type': 'text/html; charset=utf-8' } : { Location: '/' }),
      'Cache-Control': 'no-store',
      ...ownerPageHeaders,
      ...(cookie === null
        ? {}
        : {
            'Set-Cookie': `${cookieName(listener.port)}=${cookie}; Path=/; HttpOnly; SameSite=Strict`,
          }),
    });
    response.end(isFromElsewhere ? openedPage : undefined);
  }

  function serveFile(path: string, request: IncomingMessage, response: ServerResponse): void {
    const file = files.get(path);
    if (file === undefined) return end(response, { status: 404, reason: 'no such file' });
    if (path === '/' && sessionOf(request) === null) return signInPage(request, response);
    if (request.headers['if-none-match'] === file.headers.ETag) {
      response.writeHead(304, file.headers);
      response.end();
      return;
    }
    response.writeHead(200, file.headers);
    response.end(request.method === 'HEAD' ? undefined : file.body);
  }

  function signInPage(request: IncomingMessage, response: ServerResponse): void {
    const wanted = request.headers['accept-language']?.split(/[,;]/)[0]?.trim() ?? 'en';
    const t = translatorFor(options.texts, wanted);
    response.writeHead(401, {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      ...ownerPageHeaders,
    });
    response.end(
      `<!doctype html><html><head><meta charset="utf-8"><title>Customer Portal</title></head><body><main><h1>${t('cli.signIn.title')}</h1><p>${t('cli.signIn.text')}</p><p><a href="/">${t('cli.signIn.retry')}</a></p></main></body></html>`,
    );
  }

  const sessionOf = (request: IncomingMessage): string | null =>
    signIn.sessionOf(request.headers.cookie, listener.port);

  const listener = await listen(
    (request, response) => {
      handle(request, response).catch((error: unknown) => {
        // Calls never throw; what is left is a client that hung up.
        notDelivered(error);
        response.destroy();
      });
    },
    { port: options.port, host: '127.0.0.1', headers: ownerPageHeaders },
  );
  // There is no WebSocket here; without a listener Node would answer it as a plain GET.
  listener.server.on('upgrade', (_request, socket) => {
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });

  return {
    url: listener.url,
    oneTimeUrl: () => `${listener.url}/open?token=${signIn.issue()}`,
    async stop() {
      unsubscribe();
      events.close();
      await listener.stop();
    },
  };
}

const openedPage =
  '<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><title>Customer Portal</title></head><body><a href="/">Customer Portal</a></body></html>';

const checkSession = (sessionId: string | null): Refusal =>
  sessionId === null ? { status: 401, reason: 'not signed in' } : null;

/** Refusals of the transport are for developers: short, in English, and say nothing else. */
function end(response: ServerResponse, refusal: Refusal): void {
  const { status, reason } = refusal ?? { status: 500, reason: 'internal' };
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    Connection: 'close',
    ...ownerPageHeaders,
  });
  response.end(reason);
}
