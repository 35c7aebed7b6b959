/**
 * Requests that are broken in any way, on raw sockets, to both listeners of the built program: no
 * answer says 5xx, the program goes on, nothing confidential is told, and neither memory nor open
 * files nor the data folder grow.
 */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { bytesIn, tellUsage, usageOf, type Usage } from './usage.ts';
import type { PartInput, Row } from './part.ts';
import type { Random } from './random.ts';
import { importFile, startKillable } from './started.ts';

const requests = 100_000;
const atOnce = 40;
/** Requests after which it is measured for the first time: the program's heap has its size then. */
const warmUp = 30_000;
const maxGrowthMb = 100;
/** Connections that are just ending are among the open files. */
const maxMoreFiles = 2 * atOnce;
/** The log has 2 MiB at most, and the database what it notes about wrong passwords. */
const maxFolderGrowthMb = 8;

export async function survivesMalformedHttp({ folder, random, isOver }: PartInput): Promise<Row[]> {
  const dataDir = join(folder, 'data');
  const program = await startKillable(dataDir);
  const failures: string[] = [];
  const counts: Record<string, number> = {};
  let tried = 0;
  try {
    await importFile(program, 'Date,Duration,Customer,Project\n2026-11-03,1:00,Acme,Web\n');
    const [customer] = await program.call('customers.list', {});
    const customerId = customer!.id;
    const open = await program.call('shares.create', { customerId, label: 'open' });
    const password = 'a right password of the client';
    const guarded = await program.call('shares.create', { customerId, password });
    await program.call('publish.set', { enabled: true, port: 0 });
    const portal = (await program.call('publish.status', {})).port;
    const owner = Number(new URL(/http:\/\/127\.0\.0\.1:\d+/.exec(program.output())![0]).port);
    const secrets = [password, dataDir, 'scrypt', '    at ', 'node_modules', 'SQLITE_'];
    const paths = [open.path, `${open.path}/data.json`, guarded.path, `${guarded.path}/logout`];
    const folderBefore = bytesIn(dataDir);
    let warm: Usage | null = null;

    async function work(lane: number): Promise<void> {
      while (tried < requests && !isOver()) {
        tried++;
        if (tried === warmUp) warm = usageOf(program.process.pid!);
        const [port, path] =
          random.below(3) === 0
            ? [owner, random.pick(['/', '/api', '/api/events', '/open?token=x', '/index.html'])]
            : [portal, random.pick([...paths, '/assets/x.css', '/'])];
        const bytes = mutate(requestTo(path, port, random), random);
        const answer = await ask(
          port,
          bytes,
          `127.${1 + lane}.${random.below(250)}.${1 + random.below(250)}`,
        );
        const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'ended';
        counts[status] = (counts[status] ?? 0) + 1;
        if (/^5/.test(status))
          failures.push(`${status}: ${bytes.toString('latin1').slice(0, 200)}`);
        const told = secrets.find((secret) => answer.includes(secret));
        if (told !== undefined) failures.push(`an answer has ${JSON.stringify(told)}`);
      }
    }
    await Promise.all(Array.from({ length: atOnce }, (_, lane) => work(lane)));

    const page = await fetch(`http://localhost:${portal}${open.path}`);
    if (page.status !== 200) failures.push(`afterwards the page answers ${page.status}`);
    const now = usageOf(program.process.pid!);
    const folderMb = (bytesIn(dataDir) - folderBefore) / 2 ** 20;
    if (warm !== null && now !== null) {
      const { memoryMb, files } = warm as NonNullable<Usage>;
      if (now.memoryMb - memoryMb > maxGrowthMb)
        failures.push(`memory grew from ${memoryMb} to ${now.memoryMb} MB`);
      if (now.files - files > maxMoreFiles)
        failures.push(`open files grew from ${files} to ${now.files}`);
    }
    if (folderMb > maxFolderGrowthMb) failures.push(`the folder grew by ${folderMb.toFixed(1)} MB`);
    const log = readFileSync(join(dataDir, 'customer-portal.log'), 'utf8');
    const key = open.path.split('/').at(-1)!;
    if (log.includes(key) || log.includes(password)) failures.push('the log has a secret');
    console.log(`answers: ${JSON.stringify(counts)}`);
    console.log(`after the warm-up ${tellUsage(warm)}, at the end ${tellUsage(now)}`);
    console.log(`the data folder grew by ${folderMb.toFixed(1)} MB`);
  } finally {
    if ((await program.stop()) !== 0) failures.push('it did not stop cleanly');
  }
  return [{ what: 'malformed HTTP, both listeners', wanted: requests, tried, failures }];
}

function requestTo(path: string, port: number, random: Random): Buffer {
  const body = random.pick(['', 'password=wrong', '{"method":"app.status","input":{}}', '{']);
  const lines = [
    `${random.pick(['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'TRACE'])} ${path} HTTP/1.${random.below(2)}`,
    `Host: ${random.pick([`localhost:${port}`, `127.0.0.1:${port}`, 'evil.example', ''])}`,
    ...(body === '' ? [] : [`Content-Length: ${random.pick([body.length, 0, 5, 9_999_999])}`]),
    ...(random.below(4) === 0 ? ['Transfer-Encoding: chunked'] : []),
    ...(random.below(3) === 0 ? ['Content-Type: application/x-www-form-urlencoded'] : []),
    ...(random.below(4) === 0 ? [`Cookie: ${'a=b; '.repeat(random.below(50))}`] : []),
    ...(random.below(6) === 0 ? [`X-Long: ${'x'.repeat(random.below(20_000))}`] : []),
    ...(random.below(4) === 0 ? ['Expect: 100-continue'] : []),
    ...(random.below(4) === 0
      ? ['Upgrade: websocket', 'Connection: Upgrade']
      : ['Connection: close']),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
}

/** Changes, doubles, drops and inserts bytes, at up to four places. */
function mutate(request: Buffer, random: Random): Buffer {
  let bytes = request;
  for (let times = random.below(5); times > 0; times--) {
    const at = random.below(bytes.length);
    const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
    bytes = random.pick([
      () => Buffer.concat([head, Buffer.from([random.below(256)]), tail.subarray(1)]),
      () => Buffer.concat([head, tail.subarray(random.below(20))]),
      () => Buffer.concat([head, tail.subarray(0, random.below(40)), tail]),
      () =>
        Buffer.concat([
          head,
          Buffer.from(random.pick(['\r\n', '\0', '%', '%zz', '../', '\n\n', ' ', ':'])),
          tail,
        ]),
    ])();
    if (bytes.length === 0) bytes = Buffer.from('\r\n');
  }
  return bytes;
}

/** What comes back until the other side ends; nobody waits longer than a tenth of a second. */
async function ask(port: number, bytes: Buffer, localAddress: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  let answer = '';
  socket.on('data', (part) => (answer += part.toString('latin1')));
  socket.on('error', () => undefined);
  // Requests that want more than was sent are not waited for.
  socket.setTimeout(100, () => socket.destroy());
  socket.end(bytes);
  await new Promise<void>((done) => socket.once('close', () => done()));
  return answer;
}
