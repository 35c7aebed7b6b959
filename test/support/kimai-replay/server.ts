/** A web server that answers as a recorded Kimai does, at one of its steps. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { filterRows, inFull, type Recording, type Sight } from './recording.ts';

export interface Asked {
  method: string;
  /** Without `/api/`. */
  path: string;
  userAgent: string;
}

export class KimaiReplay {
  readonly recording: Recording;
  readonly asked: Asked[] = [];
  /** Called before an answer; what it returns is answered instead. */
  intercept: (path: string) => { status: number; body: unknown; headers?: object } | null = () =>
    null;
  /** How long an answer takes at least, in milliseconds. */
  takesMs: (path: string) => number = () => 0;
  #server: Server;
  #step = 0;
  /** Page sizes are cut to this, as since Kimai 2.41. */
  maxSize = 500;
  connections = 0;

  private constructor(recording: Recording) {
    this.recording = recording;
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.on('connection', () => this.connections++);
  }

  static async start(recording: Recording): Promise<KimaiReplay> {
    const replay = new KimaiReplay(recording);
    await new Promise<void>((resolve) => replay.#server.listen(0, '127.0.0.1', resolve));
    return replay;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Token of somebody of the recording. */
  tokenOf = (as: string): string => `token-of-${as}`;

  goTo(name: string): void {
    this.#step = this.recording.steps.findIndex((step) => step.name === name);
    if (this.#step < 0) throw new Error(`no step is named ${name}`);
  }

  sight(as: string): Sight {
    return this.recording.steps[this.#step]!.sights.get(as)!;
  }

  /** What a token sees of a record when it asks for all of it. */
  inFull(row: Parameters<typeof inFull>[2]): Record<string, unknown> {
    return inFull(this.recording, this.recording.steps[this.#step]!, row);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').replace(/^\/api\//, '');
    const { method = '', headers } = request;
    this.asked.push({ method, path, userAgent: headers['user-agent'] ?? '' });
    const as = this.recording.tokens.find(
      (one) => headers.authorization === `Bearer ${this.tokenOf(one)}`,
    );
    const began = performance.now();
    const send = (status: number, body: unknown, more: object = {}): void => {
      const at = as ? this.sight(as).at : Date.now();
      const type = body === null ? {} : { 'content-type': 'application/json' };
      response.writeHead(status, { date: new Date(at).toUTCString(), ...type, ...more });
      const content = body === null || method === 'HEAD' ? '' : JSON.stringify(body);
      const leftMs = this.takesMs(path) - (performance.now() - began);
      if (leftMs > 0) setTimeout(() => response.end(content), leftMs);
      else response.end(content);
    };
    if (method !== 'GET' && method !== 'HEAD') return send(405, { code: 405, message: 'Written' });
    const instead = this.intercept(path);
    if (instead) return send(instead.status, instead.body, instead.headers);
    if (as === undefined) {
      return send(401, null, { 'www-authenticate': 'Bearer error="invalid_token"' });
    }
    if (path.startsWith('timesheets?')) return this.#list(as, path, send);
    const known = this.sight(as).answers.get(path);
    if (known) return send(known.status, known.body);
    const record = /^timesheets\/(\d+)$/.exec(path);
    if (record && this.sight(as).rows.has(Number(record[1]))) return this.#detail(as, path, send);
    send(404, { code: 404, message: 'Not Found' });
  }

  /** What others were told of a record that this token sees, as far as it may see that. */
  #detail(as: string, path: string, send: (status: number, body: unknown) => void): void {
    const sights = [...this.recording.steps[this.#step]!.sights.values()];
    const body = sights.map(({ answers }) => answers.get(path)).find((one) => one?.status === 200)
      ?.body as Record<string, unknown> | undefined;
    const row = this.sight(as).rows.get(Number(path.split('/')[1]))!;
    const { hourlyRate, fixedRate } = body ?? {};
    send(200, 'rate' in row ? { ...row, hourlyRate, fixedRate } : row);
  }

  #list(as: string, path: string, send: (status: number, body: unknown, more?: object) => void) {
    const query = new URLSearchParams(path.split('?')[1]);
    for (const name of query.keys()) {
      if (!parameters.has(name)) throw new Error(`the recorded Kimai knows no ${name}`);
    }
    const sight = this.sight(as);
    const me = sight.answers.get('users/me')!.body as { timezone: string };
    const { versionId } = this.recording;
    const found = filterRows(sight, query, { timeZone: me.timezone, versionId });
    const size = Math.min(Number(query.get('size') ?? 50), this.maxSize);
    const page = Number(query.get('page') ?? 1);
    const pages = Math.max(1, Math.ceil(found.length / size));
    if (page > pages) return send(404, { code: 404, message: 'Not Found' });
    const rows = found.slice((page - 1) * size, page * size);
    send(200, query.get('full') === '1' ? rows.map((row) => this.inFull(row)) : rows, {
      'x-page': String(page),
      'x-total-count': String(found.length),
      'x-total-pages': String(pages),
      'x-per-page': String(size),
    });
  }
}

const parameters = new Set([
  ...['user', 'full', 'orderBy', 'order', 'size', 'page', 'modified_after'],
  ...['exported', 'active', 'billable', 'begin', 'end'],
]);
