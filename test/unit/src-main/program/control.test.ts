import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  findRunningProgram,
  startControl,
  type Control,
} from '../../../../src-main/program/control.ts';
import { RecordingApp } from '../../../support/owner-app.ts';

let dataDir: string;
let app: RecordingApp;
let control: Control;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'control-'));
  app = new RecordingApp();
  control = await startControl(dataDir, { call: app.call, open: () => 'http://once' });
});
afterEach(async () => {
  await control.stop();
  rmSync(dataDir, { recursive: true });
});

const runtime = (): { url: string; token: string } =>
  JSON.parse(readFileSync(join(dataDir, 'runtime.json'), 'utf8')) as { url: string; token: string };

test('a second start finds the program, calls it and lets it show itself', async () => {
  const running = findRunningProgram(dataDir);
  const request = { method: 'app.status', input: {} };
  expect(await running?.call(request, 'one')).toEqual({ ok: true, value: { echo: {} } });
  expect(app.calls).toEqual([{ request, caller: { sessionId: 'cli-one' } }]);
  expect(await running?.open()).toBe('http://once');
});

test('only its owner can read where it is', () => {
  expect(statSync(join(dataDir, 'runtime.json')).mode & 0o777).toBe(0o600);
});

test('a file that somebody else prepared is replaced, mode and all', async () => {
  await control.stop();
  writeFileSync(join(dataDir, 'runtime.json'), '{}', { mode: 0o644 });
  control = await startControl(dataDir, { call: app.call, open: () => null });
  expect(statSync(join(dataDir, 'runtime.json')).mode & 0o777).toBe(0o600);
});

test('nobody is found after it stopped, nor behind a damaged file', async () => {
  await control.stop();
  expect(findRunningProgram(dataDir)).toBeNull();
  writeFileSync(join(dataDir, 'runtime.json'), '{"url":');
  expect(findRunningProgram(dataDir)).toBeNull();
});

const body = JSON.stringify({ sessionId: 'x', method: 'app.status', input: {} });
test.each<[string, number, string, RequestInit]>([
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

test.each<[string, number, string, string, string | undefined]>([
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
