/**
 * Pages that are kept in memory, against the same portal without memory: whatever is asked and
 * changed in whatever order, both give the same answers and count the same views.
 */
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bumpDataVersion } from '../../../../src-main/store/data-version.ts';
import { createPortal } from '../../../../src-server/portal.ts';
import type { Messages, PortalDeps, PortalSource, Visit } from '../../../../src-server/source.ts';
import {
  cookieFor,
  quickHash,
  startGuardedPortal,
  type GuardedPortal,
} from '../../../support/guarded-portal.ts';
import { seedRecords } from '../../../support/seed.ts';
import { loadTexts } from '../../../support/texts.ts';

const password = 'right';
let portal: GuardedPortal;
let shares: Record<'open' | 'other' | 'guarded', { id: number; path: string }>;
let cookie: string;

beforeAll(async () => {
  portal = await startGuardedPortal();
  shares = {
    open: portal.share({ options: { annualChart: true, monthlyChart: true } }),
    other: portal.share({ options: { showRates: true, showUser: true } }),
    guarded: portal.share({ passwordHash: quickHash(password), options: { showRates: true } }),
  };
  const answer = await portal.post(shares.guarded.path, password);
  cookie = cookieFor(answer, shares.guarded.path)!;
  for (const side of [remembering, forgetting]) await side.listen();
});
afterAll(async () => {
  for (const side of [remembering, forgetting]) await side.close();
  await portal.close();
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A portal on the store of `portal`, which notes what it reads and whom it counts. */
class Side {
  readonly visits: Visit[] = [];
  pages = 0;
  /** Answers each request. */
  handle: RequestListener;
  readonly #server = createServer((one, answer) => this.handle(one, answer));

  constructor(handle: (side: Side) => RequestListener) {
    this.handle = handle(this);
  }

  deps(texts: ReadonlyMap<string, Messages>): PortalDeps {
    const { journal, source } = portal.deps;
    const counted: PortalSource = {
      ...source,
      customer: (id) => {
        this.pages++;
        return source.customer(id);
      },
    };
    const recordVisit = (visit: Visit) => Promise.resolve(void this.visits.push(visit));
    return { ...portal.deps, texts, source: counted, journal: { ...journal, recordVisit } };
  }

  listen = () =>
    new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve()));
  close = () => new Promise((resolve) => this.#server.close(resolve).closeAllConnections());

  ask(path: string, headers: Record<string, string>): Promise<Answer> {
    const { port } = this.#server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      request({ port, host: '127.0.0.1', path, headers, agent: false }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => resolve(readAnswer(answer, Buffer.concat(parts))));
      })
        .on('error', reject)
        .end();
    });
  }
}

const expand: Record<string, (bytes: Buffer) => Buffer> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
};

function readAnswer({ statusCode, headers }: IncomingMessage, bytes: Buffer): Answer {
  const encoding = headers['content-encoding'];
  const body = encoding === undefined ? bytes : expand[encoding]!(bytes);
  // Of the connection; and a page that is sent again is compressed better.
  const { date, connection, 'content-length': length, ...rest } = headers;
  void [date, connection, length];
  return { status: statusCode!, headers: rest, body: body.toString() };
}

let texts: ReadonlyMap<string, Messages> = loadTexts();
const remembering = new Side((side) => (one, answer) => {
  // Made at the first request, when the store is there.
  side.handle = createPortal(side.deps(texts));
  side.handle(one, answer);
});
const forgetting = new Side((side) => (one, answer) => createPortal(side.deps(texts))(one, answer));

const otherWords = (): ReadonlyMap<string, Messages> => {
  const changed = new Map(texts);
  const english = changed.get('en')!;
  const page = english['portal'] as Messages;
  changed.set('en', { ...english, portal: { ...page, footer: `Footer ${Math.random()}` } });
  return changed;
};

const update = (sql: string, ...params: unknown[]): void => {
  portal.store.prepare(sql).run(...params);
};
/** Everything that a page depends on, but what stands in the request. */
const changes: Record<string, (share: { id: number }, amount: number) => void> = {
  record: (_share, amount) => {
    const projectId = portal.projectIds.open;
    seedRecords(portal.store, [{ projectId, day: '2026-11-05', durationS: amount * 60 }]);
  },
  'customer renamed': (_share, amount) => {
    portal.store.transaction(() => {
      update('UPDATE customers SET name = ?', `Acme ${amount}`);
      bumpDataVersion(portal.store);
    })();
  },
  'share shows more': ({ id }, amount) =>
    update(
      `UPDATE shares SET options = json_set(options, '$.showUser', json(?)) WHERE id = ?`,
      String(amount % 2 === 0),
      id,
    ),
  'share paused': ({ id }, amount) =>
    update('UPDATE shares SET paused = ? WHERE id = ?', amount > 6 ? 1 : 0, id),
  'share expires': ({ id }, amount) =>
    update(
      'UPDATE shares SET expires_day = ? WHERE id = ?',
      amount > 6 ? 20261124 + amount : null,
      id,
    ),
  'password set': ({ id }, amount) =>
    update(
      'UPDATE shares SET password_hash = ?, password_version = password_version + 1 WHERE id = ?',
      amount % 2 === 0 ? null : quickHash(password),
      id,
    ),
  'next day': () => {
    portal.clock.time += 86_400_000;
  },
  'an hour later': () => {
    portal.clock.time += 3_600_000;
  },
  'public address': (_share, amount) => {
    portal.hop.publicUrl = amount % 2 === 0 ? '' : 'https://hours.example/clients';
  },
  'portal paused': (_share, amount) => {
    portal.pause.now = amount > 7 ? { backAt: null } : null;
  },
  'other words': () => {
    texts = otherWords();
    remembering.handle = createPortal(remembering.deps(texts));
  },
};

/** Otherwise most of the later sequences would meet a share that is gone. */
function startAnew(): void {
  update('UPDATE shares SET paused = 0, expires_day = NULL');
  portal.pause.now = null;
}

const shareName = fc.constantFrom('open', 'open', 'other', 'guarded');
const question = fc.record({
  kind: fc.constant('ask'),
  share: shareName,
  locale: fc.constantFrom('en', 'en', 'en', 'de', 'ar'),
  project: fc.constantFrom('', '', '', '', '/p/open', '/p/open', '/p/other', '/p/999'),
  query: fc.constantFrom(
    ...['', '', '', '?year=2026&month=11', '?year=2026&month=11', '?details=chart'],
    ...['?month=13', '?x=1'],
  ),
  encoding: fc.constantFrom('', 'gzip', 'gzip', 'br', 'gzip, deflate, br, zstd', 'br;q=0'),
  known: fc.constantFrom('', '', 'same', 'same', 'foreign', '*'),
  signedIn: fc.boolean(),
  times: fc.integer({ min: 1, max: 3 }),
  agent: fc.constantFrom('Chrome/140 X11', 'Chrome/140 X11', 'Mobile', 'Slackbot 1.0'),
  more: fc.constantFrom<Record<string, string>>(
    {},
    {},
    { 'Cache-Control': 'no-cache' },
    { 'Sec-Purpose': 'prefetch' },
    { Host: 'hours.example' },
  ),
});
const change = fc.record({
  kind: fc.constant('change'),
  name: fc.constantFrom(...Object.keys(changes)),
  share: shareName,
  amount: fc.integer({ min: 0, max: 9 }),
});
/** Many questions between two changes, or nothing would ever be asked twice. */
const steps = fc.array(fc.oneof({ weight: 6, arbitrary: question }, change), {
  minLength: 10,
  maxLength: 40,
  size: 'max',
});

describe('pages that are kept', () => {
  it('are always those that would be made now, for whoever may see them', async () => {
    const seen: Record<string, string> = {};
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        startAnew();
        for (const step of list) {
          if ('name' in step) changes[step.name]!(shares[step.share], step.amount);
          else for (let time = 0; time < step.times; time++) await compare(step, seen);
        }
      }),
      { numRuns: 15 },
    );
    // Otherwise nothing would have been shown.
    expect(remembering.pages).toBeLessThan(forgetting.pages * 0.9);
  });

  async function compare(
    asked: typeof question extends fc.Arbitrary<infer Question> ? Question : never,
    seen: Record<string, string>,
  ): Promise<void> {
    const { locale, project, query, known } = asked;
    const id = portal.projectIds[project.slice(3) as 'open' | 'other'] as number | undefined;
    const page = id === undefined ? project : `/p/${id}`;
    const path = `${shares[asked.share].path.replace('/en/', `/${locale}/`)}${page}${query}`;
    const etag = { '': undefined, same: seen[path], '*': '*', foreign: seen['last'] }[known];
    const headers = {
      'User-Agent': asked.agent,
      ...(asked.encoding === '' ? {} : { 'Accept-Encoding': asked.encoding }),
      ...(etag === undefined ? {} : { 'If-None-Match': etag }),
      ...(asked.signedIn ? { Cookie: cookie } : {}),
      ...asked.more,
    };
    const [answer, fresh] = [
      await remembering.ask(path, headers),
      await forgetting.ask(path, headers),
    ];
    expect(answer, path).toEqual(fresh);
    expect(remembering.visits.splice(0), path).toEqual(forgetting.visits.splice(0));
    if (answer.headers.etag !== undefined) seen[path] = seen['last'] = answer.headers.etag;
  }
});
