import { describe, expect, it } from 'vitest';
import { tunnelSettings } from '../../../../../src-shared/contract/publish.ts';
import { StoredForm } from '../../../../../src-renderer/input/stored-form.svelte.ts';
import {
  adviceOf,
  firewallOf,
  formOf,
  patchOf,
  problemsOf,
  publishFields,
  type PublishForm,
  type PublishStatus,
} from '../../../../../src-renderer/pages/publish/publish-form.ts';
import { flatten, type Texts } from '../../../../support/messages.ts';
import { loadTexts } from '../../../../support/texts.ts';

const status: PublishStatus = {
  enabled: true,
  reach: 'loopback',
  port: 4711,
  publicUrl: '',
  trustedHeader: '',
  seenHeader: null,
  state: 'online',
  urls: ['http://127.0.0.1:4711'],
  error: null,
  since: 0,
  proxyOn: 'loopback',
  addresses: [{ url: 'http://127.0.0.1:4711', kind: 'loopback', name: '' }],
  freePort: null,
  portHolder: null,
  tunnel: {
    settings: tunnelSettings.parse({}),
    hasSecret: false,
    state: 'stopped',
    url: null,
    since: null,
    reconnects: 0,
    retryAt: null,
    error: null,
  },
  health: { state: 'ok', reason: null, checkedAt: 0 },
  seenFromNetworkAt: null,
  pause: null,
  until: null,
  hours: null,
  formerUrl: null,
  platform: 'linux',
};
const saved = formOf(status);
const edit = (change: Partial<PublishForm>): PublishForm => ({ ...saved, ...change });

const changedFields = (form: PublishForm) => {
  const stored = new StoredForm(saved, publishFields);
  stored.form = form;
  return stored.changed;
};

describe('what was typed before the page was loaded again', () => {
  it('comes back without its secret, and beside what was stored meanwhile', () => {
    const saved = formOf(status);
    const first = new StoredForm(saved, publishFields);
    expect(first.typed(['tunnelSecret'])).toBeNull();
    first.form = edit({ publicUrl: 'https://time.example', tunnelSecret: 'hunter2' });
    const kept = first.typed(['tunnelSecret'])!;
    expect(JSON.stringify(kept)).not.toContain('hunter2');

    const again = new StoredForm(
      { ...saved, port: 81, publicUrl: 'https://b.example' },
      publishFields,
    );
    expect(again.retype(kept)).toBe(true);
    expect(again.form).toMatchObject({ port: 81, publicUrl: 'https://time.example' });
    expect(again.changed).toEqual(['publicUrl']);
    expect(again.conflicts).toEqual(['publicUrl']);
  });

  it('of a form of another version stays away', () => {
    const form = new StoredForm(formOf(status), publishFields);
    const other = { before: {}, form: { port: 1 } } as never;
    expect(form.retype(other)).toBe(false);
    expect(form.changed).toEqual([]);
  });
});

describe('publishing', () => {
  it('sends what changed only', () => {
    const form = edit({ reach: 'lan', publicUrl: ' https://time.example/ ' });
    expect(changedFields(form)).toEqual(['reach', 'publicUrl']);
    expect(patchOf(form, changedFields(form))).toEqual({
      reach: 'lan',
      publicUrl: 'https://time.example',
    });
    expect(changedFields(edit({ trustedHeader: ' ' }))).toEqual([]);
  });

  it.each([null, 0, -1, 1.5, 65_536])('refuses the port %s', (port) => {
    expect(problemsOf(edit({ port }))).toEqual({ port: 'port' });
  });

  it.each([
    'time.example',
    'ftp://time.example',
    'https://',
    'https://time.example/#x',
    'https://time.example/a;b',
    'https://u:p@time.example',
    'https://time.example?x=1',
  ])('refuses the address %s', (publicUrl) => {
    expect(problemsOf(edit({ publicUrl }))).toEqual({ publicUrl: 'public_url' });
  });

  it.each(['', 'https://time.example', 'http://time.example:8080/', 'https://time.example/hours/'])(
    'takes the address "%s"',
    (publicUrl) => expect(problemsOf(edit({ publicUrl }))).toEqual({}),
  );

  it('a tunnel is sent without the server’s key, once it has what it needs', () => {
    const { tunnel } = saved;
    expect(problemsOf(edit({ reach: 'tunnel' }))).toEqual({ tunnel: 'tunnel' });
    const ssh = { ...tunnel.ssh, host: ' server.example ', user: 'me', keyFile: '/home/me/key' };
    const form = edit({ reach: 'tunnel', tunnel: { ...tunnel, ssh } });
    expect(problemsOf(form)).toEqual({});
    expect(changedFields(form)).toEqual(['reach', 'tunnel']);
    const sent = patchOf(form, changedFields(form));
    expect(sent.tunnel?.ssh).toMatchObject({ host: 'server.example', keyFile: '/home/me/key' });
    expect(JSON.stringify(sent)).not.toContain('hostKey');
  });

  it('refuses what is no header name', () => {
    expect(problemsOf(edit({ trustedHeader: 'X Forwarded' }))).toEqual({
      trustedHeader: 'trusted_header',
    });
    expect(problemsOf(edit({ trustedHeader: 'CF-Connecting-IP' }))).toEqual({});
  });

  it.each([
    ['linux', 'sudo ufw allow {port}/tcp'],
    ['darwin', 'macOS'],
    ['win32', 'Windows'],
    ['freebsd', 'TCP port {port}'],
  ])('knows the firewall of %s', (platform, words) => {
    const texts = flatten(loadTexts().get('en') as Texts);
    expect(texts.get(`publish.firewall.${firewallOf(platform)}`)).toContain(words);
  });

  it('has advice for every failure', () => {
    expect(adviceOf('port_in_use')).toBe('port_in_use');
    expect(adviceOf('internal')).toBe('listen_failed');
  });
});
