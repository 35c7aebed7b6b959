/** Guessing passwords and keys: what is checked, whom it slows down, what its timing tells. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { trustedHeader, type Counted, type Published } from './access-portal.ts';
import { ask, type Answer } from './ask.ts';
import { atMost, percentile, stated, type Line } from './line.ts';

const guesses = 10_000;
const addresses = 500;
/** Five guesses every 20 ms: up to 250 a second, whether or not the last ones were answered. */
const guessesAtOnce = 5;
const pauseMs = 20;
const idlePages = 1000;
const timedRequests = 600;

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

function askAs(url: string, method = 'GET', client = '', body = ''): Promise<Answer> {
  const headers: Record<string, string> = client === '' ? {} : { [trustedHeader]: client };
  if (body !== '') headers['Content-Type'] = 'application/x-www-form-urlencoded';
  return ask(url, { method, agent, headers }, body);
}

export async function run(): Promise<Line[]> {
  const child = fork(join(import.meta.dirname, 'access-portal.ts'));
  try {
    const [portal] = (await once(child, 'message')) as [Published];
    return [...(await benchGuessing(child, portal)), ...(await benchTiming(portal))];
  } finally {
    child.send('stop');
    agent.destroy();
  }
}

/** 10 000 guesses against one share from many addresses, while another client reads pages. */
async function benchGuessing(child: ChildProcess, portal: Published): Promise<Line[]> {
  const page = portal.url + portal.open;
  for (let n = 0; n < 300; n++) await askAs(page, 'GET', '198.51.100.1');
  const idle = await readPages(page, () => false);
  console.log(`page p99 idle           ${p99(idle).toFixed(1)} ms (${idle.length} pages)`);
  let isOver = false;
  const attack = guess(portal.url + portal.guarded).finally(() => (isOver = true));
  const busy = await readPages(page, () => !isOver);
  const statuses = await attack;
  child.send('count');
  const [counted] = (await once(child, 'message')) as [Counted];
  const times = [p99(busy), p99(idle)] as const;
  const tally = [...statuses].map(([status, count]) => `${status}: ${count}`).join(', ');
  console.log(`guesses                 ${guesses} from ${addresses} addresses (${tally})`);
  console.log(
    `checked                 ${counted.checked} in all, ≤ ${counted.mostOfOneClient} per address`,
  );
  console.log(
    `page p99 while guessing ${times[0].toFixed(1)} ms, ×${(times[0] / times[1]).toFixed(2)} (${busy.length} pages)`,
  );
  if (counted.checked === 0 || statuses.has(303)) throw new Error('the attack was none');
  return [
    stated('page p99 at rest', times[1], 'ms'),
    atMost('page p99 while passwords are guessed', times[0] / times[1], '×', 2),
    atMost('passwords checked for one address', counted.mostOfOneClient, '', 10),
  ];
}

async function guess(url: string): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  const running: Promise<void>[] = [];
  for (let n = 0; n < guesses; n++) {
    const address = n % addresses;
    const client = `203.0.${Math.floor(address / 250)}.${(address % 250) + 1}`;
    running.push(
      askAs(url, 'POST', client, `password=guess${n}`).then(({ status }) => {
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }),
    );
    if (n % guessesAtOnce === 0) await wait(pauseMs);
  }
  await Promise.all(running);
  return statuses;
}

/** Times of pages, with 5 ms between: `idlePages`, or as long as `goesOn`. */
async function readPages(url: string, goesOn: () => boolean): Promise<number[]> {
  const times: number[] = [];
  while (times.length < idlePages || goesOn()) {
    const { status, ms } = await askAs(url, 'GET', '198.51.100.1');
    if (status !== 200) throw new Error(`the page answers ${status}`);
    times.push(ms);
    await wait(5);
  }
  return times;
}

/** Whether the time of an answer tells an expired key from one that never was. */
async function benchTiming(portal: Published): Promise<Line[]> {
  const urls = [portal.expired, portal.expired.replace(/[\w-]{32}$/, 'A'.repeat(32))].map(
    (path) => portal.url + path,
  );
  const times: [number[], number[]] = [[], []];
  for (let n = 0; n < 2 * timedRequests; n++) {
    const which = Math.random() < 0.5 ? 0 : 1;
    const { status, ms } = await askAs(urls[which]!);
    if (status !== 404) throw new Error(`a refused key answers ${status}`);
    // The first ones pay for the compiler.
    if (n > 100) times[which].push(ms);
  }
  const z = rankSumZ(...times);
  const difference = (median(times[0]) - median(times[1])) * 1000;
  console.log(
    `expired − unknown key   ${difference.toFixed(0)} µs in the median, z = ${z.toFixed(2)} (rank sum, ${times[0].length} + ${times[1].length})`,
  );
  // One run in a thousand is beyond 3.29 by chance.
  return [atMost('an expired key told from an unknown one by time', Math.abs(z), 'z', 3.29)];
}

const p99 = (values: readonly number[]): number => percentile(values, 0.99);
const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Mann–Whitney's U as a standard score: 0 if neither sample tends to be the larger one. */
function rankSumZ(a: readonly number[], b: readonly number[]): number {
  const all = [...a.map((value) => ({ value, own: 1 })), ...b.map((value) => ({ value, own: 0 }))];
  all.sort((x, y) => x.value - y.value);
  const rankSum = all.reduce((sum, { own }, index) => sum + own * (index + 1), 0);
  const u = rankSum - (a.length * (a.length + 1)) / 2;
  const mean = (a.length * b.length) / 2;
  return (u - mean) / Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12);
}
