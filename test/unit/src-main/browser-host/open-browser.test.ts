import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser } from '../../../../src-main/browser-host/open-browser.ts';
import { createSignIn, tokenLifeMs } from '../../../../src-main/browser-host/sign-in.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'open-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('opening the browser', () => {
  const url = 'http://127.0.0.1:1234/open?token=s3cret';

  it('names a file that only the owner can read, not the one-time address', async () => {
    // In the place of the real opener: it tells what it was given.
    writeFileSync(
      join(dir, 'xdg-open'),
      `#!/bin/sh\necho "$@" > '${dir}/t' && mv '${dir}/t' '${dir}/told'\n`,
    );
    chmodSync(join(dir, 'xdg-open'), 0o700);
    writeFileSync(join(dir, 'open.html'), 'an old one', { mode: 0o644 });
    openBrowser(url, dir, {
      platform: 'linux',
      env: { DISPLAY: ':0', PATH: `${dir}:${process.env.PATH}` },
    });
    await expect.poll(() => existsSync(join(dir, 'told')), { timeout: 30_000 }).toBe(true);
    const file = readFileSync(join(dir, 'told'), 'utf8').trim();
    expect(file).toBe(join(dir, 'open.html'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain(`content="0;url=${url}"`);
  });

  it('does nothing where there is no screen', () => {
    openBrowser(url, dir, { platform: 'linux', env: {} });
    expect(existsSync(join(dir, 'open.html'))).toBe(false);
  });
});

describe('a one-time address', () => {
  it.each([
    [tokenLifeMs - 1, true],
    [tokenLifeMs, false],
  ])('after %i ms opens: %s', (afterMs, opens) => {
    let time = 1_000;
    const signIn = createSignIn({ now: () => new Date(time) });
    const token = signIn.issue();
    time += afterMs;
    expect(signIn.redeem(token) !== null).toBe(opens);
    expect(signIn.redeem(token)).toBeNull();
  });
});
