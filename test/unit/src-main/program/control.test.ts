import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  findRunningProgram,
  startControl,
  type Control,
} from '../../../../src-main/program/control.ts';
import { isOlder, showRunningProgram } from '../../../../src-main/program/running.ts';
import { loadTexts, translatorFor } from '../../../../src-main/program/texts.ts';
import { RecordingApp } from '../../../support/owner-app.ts';

let dataDir: string;
let app: RecordingApp;
let control: Control;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'control-'));
  app = new RecordingApp();
  control = await startControl(dataDir, {
    version: '1.2.3',
    call: app.call,
    open: () => 'http://once',
  });
});
afterEach(async () => {
  await control.stop();
  rmSync(dataDir, { recursive: true });
});

it('a second start is told the version, and an older one by its number or by its silence', async () => {
  const t = translatorFor(loadTexts(join(import.meta.dirname, '../../../../locales')), 'en');
  expect(findRunningProgram(dataDir)?.version).toBe('1.2.3');
  const same = await showRunningProgram(t, dataDir, '1.2.3');
  expect(same).toEqual({
    text: `Customer Portal is running already on the folder ${dataDir}.`,
    url: 'http://once',
  });
  const { text } = await showRunningProgram(t, dataDir, '1.10.0');
  expect(text).toMatch(/already[^]*an older version \(1\.2\.3; this one is 1\.10\.0\)/);

  const silent = { url: runtime().url, token: runtime().token };
  writeFileSync(join(dataDir, 'runtime.json'), JSON.stringify(silent));
  expect((await showRunningProgram(t, dataDir, '1.2.3')).text).toContain('an older version (?;');
});

it('a program that ended without a word is not running', async () => {
  const t = translatorFor(new Map(), 'en');
  const left = readFileSync(join(dataDir, 'runtime.json'));
  await control.stop();
  writeFileSync(join(dataDir, 'runtime.json'), left);
  await expect(showRunningProgram(t, dataDir, '1.2.3')).rejects.toMatchObject({
    code: 'data_folder_in_use',
  });
});

it.each([
  ['1.9.2', '1.10.0', true],
  ['1.10.0', '1.9.2', false],
  ['1.2.3', '1.2.3', false],
  [null, '0.1.0', true],
])('version %s is older than %s: %s', (version, than, older) => {
  expect(isOlder(version, than)).toBe(older);
});

const runtime = (): { url: string; token: string } =>
  JSON.parse(readFileSync(join(dataDir, 'runtime.json'), 'utf8')) as { url: string; token: string };

it('a second start finds the program, calls it and lets it show itself', async () => {
  const running = findRunningProgram(dataDir);
  const request = { method: 'app.status', input: {} };
  expect(await running?.call(request, 'one')).toEqual({ ok: true, value: { echo: {} } });
  expect(app.calls).toEqual([{ request, caller: { sessionId: 'cli-one' } }]);
  expect(await running?.open()).toBe('http://once');
});

it('only its owner can read where it is', () => {
  expect(statSync(join(dataDir, 'runtime.json')).mode & 0o777).toBe(0o600);
});

it('a file that somebody else prepared is replaced, mode and all', async () => {
  await control.stop();
  writeFileSync(join(dataDir, 'runtime.json'), '{}', { mode: 0o644 });
  control = await startControl(dataDir, { version: '1.2.3', call: app.call, open: () => null });
  expect(statSync(join(dataDir, 'runtime.json')).mode & 0o777).toBe(0o600);
});

it('nobody is found after it stopped, nor behind a damaged file', async () => {
  await control.stop();
  expect(findRunningProgram(dataDir)).toBeNull();
  writeFileSync(join(dataDir, 'runtime.json'), '{"url":');
  expect(findRunningProgram(dataDir)).toBeNull();
});

const body = JSON.stringify({ sessionId: 'x', method: 'app.status', input: {} });
it.each<[string, number, string, RequestInit]>([
  ['no token', 401, '/call', { method: 'POST', body }],
  ['a wrong token', 401, '/call', { method: 'POST', body, headers: { Authorization: 'Bearer x' } }],
  [
    'a web page',
    403,
    '/call',
    { method: 'POST', body, headers: { Origin: 'http://evil.example' } },
  ],
  ['a sandboxed frame', 403, '/open', { method: 'POST', body, headers: { Origin: 'null' } }],
])('%s is refused', async (_name, status, path, init) => {
  const answer = await fetch(`${runtime().url}${path}`, init);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  expect(app.calls).toEqual([]);
});

it.each<[string, number, string, string, string | undefined]>([
  ['GET', 405, 'GET', '/call', undefined],
  ['another path', 404, 'POST', '/', body],
  ['no JSON', 400, 'POST', '/call', '{'],
  ['no call', 400, 'POST', '/call', '{}'],
])('with the token, %s is answered with %i', async (_name, status, method, path, sent) => {
  const { url, token } = runtime();
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}` },
    ...(sent === undefined ? {} : { body: sent }),
  });
  expect(answer.status).toBe(status);
});

it('tells whatever watches a server that it is well, with the token only', async () => {
  const { url, token } = runtime();
  const ask = (authorization: string): Promise<Response> =>
    fetch(`${url}/healthz`, { headers: { Authorization: authorization } });
  expect((await ask('')).status).toBe(401);
  expect((await ask(`Bearer ${token.slice(1)}`)).status).toBe(401);
  const well = await ask(`Bearer ${token}`);
  expect(well.status).toBe(200);
  expect(await well.json()).toEqual({ ok: true, version: '1.2.3' });
});

it('tells whatever watches a server that its store cannot be read', async () => {
  await control.stop();
  control = await startControl(dataDir, {
    version: '1.2.3',
    call: () => Promise.resolve({ ok: false, error: { code: 'database_damaged', params: {} } }),
    open: () => null,
  });
  const { url, token } = runtime();
  const headers = { Authorization: `Bearer ${token}` };
  const sick = await fetch(`${url}/healthz`, { headers });
  expect(sick.status).toBe(503);
  expect(await sick.json()).toEqual({ ok: false, version: '1.2.3' });
});
