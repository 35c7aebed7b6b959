import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  findSecrets,
  keepOutput,
  outputVariable,
  readOutput,
} from '../../../support/kept-output.ts';
import { neverShown } from '../../../support/marked-secrets.ts';

describe('the search of a whole test run', () => {
  const emails = 'Name,E-mail\nAmina,amina@work.example\n';

  it.each(Object.keys(neverShown) as (keyof typeof neverShown)[])('finds %s', (name) => {
    const text = `before ${neverShown[name]} after`;
    expect(findSecrets(text, '', '').secrets).toContain(`${name} in answers`);
    expect(findSecrets('', text, '').secrets).toContain(`${name} in log`);
  });

  it('finds e-mails of imported files, and keys in the log only', () => {
    const key = '/en/auth/customer-portal/AAAAAAAAAAAAAAAAAAAAAAAA';
    expect(findSecrets('to amina@work.example', '', emails).secrets).toEqual([
      'an imported e-mail in answers',
    ]);
    expect(findSecrets('', `GET ${key}`, emails).secrets).toEqual(['a share key in log']);
    expect(findSecrets(`<a href="${key}">`, 'portal online', emails).secrets).toEqual([]);
  });
});

describe('what is kept of a run', () => {
  const before = process.env[outputVariable]!;
  let dir: string;
  let server: Server;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'kept-output-'));
    process.env[outputVariable] = dir;
    server = createServer((_request, response) => {
      response.setHeader('X-Test', 'a header');
      response.write('first part, ');
      response.end('last part');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    process.env[outputVariable] = before;
    server.close();
    rmSync(dir, { recursive: true });
  });

  it('is every answer of a portal, with its headers, and no other server’s', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await (await fetch(`${url}/en/auth/customer-portal/key`)).text();
    await (await fetch(`${url}/api`)).text();
    const kept = readOutput(dir, 'answers');
    expect(kept).toContain('first part, last part');
    expect(kept).toContain('a header');
    expect(kept.match(/last part/g)).toHaveLength(1);
  });

  it('is every line of the log', () => {
    keepOutput('log', 'portal online');
    expect(readOutput(dir, 'log')).toBe('portal online\n');
  });
});
