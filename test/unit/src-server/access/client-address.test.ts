import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientAddress, digestClient } from '../../../../src-server/access/client-address.ts';
import {
  quickHash,
  startGuardedPortal,
  type GuardedPortal,
} from '../../../support/guarded-portal.ts';

function addressOf(peer: string, headers: Record<string, string[]>, trusted = ''): string {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  const request = new IncomingMessage(socket);
  Object.defineProperty(request, 'headersDistinct', { value: headers });
  return clientAddress(request, trusted);
}

describe('the address of a client', () => {
  it.each<[string, string, Record<string, string[]>, string, string]>([
    ['is the peer', '203.0.113.9', {}, '', '203.0.113.9'],
    ['an IPv4 peer of an IPv6 socket', '::ffff:203.0.113.9', {}, '', '203.0.113.9'],
    ['an IPv6 network of /64', '2001:db8:1:2:aaaa::1', {}, '', '2001:db8:1:2::/64'],
    ['the same network', '2001:0db8:0001:2:bbbb:1:2:3', {}, '', '2001:db8:1:2::/64'],
    ['a scope is no part of it', 'fe80::1%eth0', {}, '', 'fe80:0:0:0::/64'],
    [
      'is not what a client says, without a trusted hop',
      '127.0.0.1',
      { 'x-forwarded-for': ['198.51.100.1'], 'cf-connecting-ip': ['198.51.100.1'] },
      '',
      '127.0.0.1',
    ],
    [
      'is what the trusted hop says in the words of RFC 7239',
      '127.0.0.1',
      { forwarded: ['for=198.51.100.1, by=x;For="[2001:db8:1:2::9]:4711";proto=https'] },
      'Forwarded',
      '2001:db8:1:2::/64',
    ],
    [
      'also with a port',
      '127.0.0.1',
      { forwarded: ['for="198.51.100.7:80"'] },
      'Forwarded',
      '198.51.100.7',
    ],
    [
      'is not what another computer says, even in the trusted header',
      '203.0.113.9',
      { 'cf-connecting-ip': ['198.51.100.1'] },
      'CF-Connecting-IP',
      '203.0.113.9',
    ],
    [
      'is what the trusted hop says',
      '::1',
      { 'cf-connecting-ip': ['198.51.100.1'], 'x-forwarded-for': ['192.0.2.66'] },
      'CF-Connecting-IP',
      '198.51.100.1',
    ],
    [
      'is the last of a list, which the hop appended',
      '127.0.0.1',
      { 'x-forwarded-for': ['10.9.9.9, 192.0.2.66, 198.51.100.1'] },
      'X-Forwarded-For',
      '198.51.100.1',
    ],
    [
      'is the last of several headers',
      '127.0.0.1',
      { 'x-real-ip': ['192.0.2.66', '198.51.100.1'] },
      'x-real-ip',
      '198.51.100.1',
    ],
    [
      'is the hop if it says what is no address',
      '127.0.0.1',
      { 'x-real-ip': ['unknown'] },
      'X-Real-IP',
      '127.0.0.1',
    ],
    ...['::ffff:203.0.113.9', '::FFFF:cb00:7109', '0:0:0:0:0:ffff:203.0.113.9'].map(
      (said): [string, string, Record<string, string[]>, string, string] => [
        `is one and the same however a mapped one is spelled: ${said}`,
        '127.0.0.1',
        { 'x-real-ip': [said] },
        'X-Real-IP',
        '203.0.113.9',
      ],
    ),
    ...['2001:db8::1:0:0:1', '2001:0DB8:0:0:0001::1'].map(
      (said): [string, string, Record<string, string[]>, string, string] => [
        `is one network however it is spelled: ${said}`,
        '::ffff:127.0.0.1',
        { 'x-real-ip': [said] },
        'X-Real-IP',
        '2001:db8:0:0::/64',
      ],
    ),
    ['is the hop if it says nothing', '127.0.0.1', {}, 'X-Real-IP', '127.0.0.1'],
  ])('%s', (_what, peer, headers, trusted, expected) => {
    expect(addressOf(peer, headers, trusted)).toBe(expected);
  });

  it('is kept only as a keyed digest', () => {
    const digest = digestClient('203.0.113.9', Buffer.alloc(32, 1));
    expect(digest).toHaveLength(22);
    expect(digest).not.toBe(digestClient('203.0.113.9', Buffer.alloc(32, 2)));
  });
});

describe('forged headers', () => {
  let portal: GuardedPortal;
  beforeAll(async () => {
    portal = await startGuardedPortal();
  });
  afterAll(() => portal.close());

  const forged = (n: number): Record<string, string>[] => [
    { 'X-Forwarded-For': `198.51.100.${n}` },
    { Forwarded: `for=198.51.100.${n};proto=https` },
    { 'CF-Connecting-IP': `198.51.100.${n}` },
    { 'X-Real-IP': `198.51.100.${n}` },
    { 'True-Client-IP': `198.51.100.${n}` },
    { 'X-Forwarded-For': `198.51.100.${n}, 203.0.113.1`, Forwarded: `for=198.51.100.${n}` },
  ];

  it.each(Array.from({ length: forged(0).length }, (_, index) => index))(
    'give no further attempts without a trusted hop: %i',
    async (index) => {
      const share = portal.share({ passwordHash: quickHash('right') });
      for (let n = 0; n < 10; n++) await portal.post(share.path, 'wrong', forged(n)[index]);
      expect((await portal.post(share.path, 'right', forged(99)[index])).status).toBe(429);
      portal.store.exec('DELETE FROM password_failures');
    },
  );

  it('before what the trusted hop appends give none either', async () => {
    portal.hop.trustedHeader = 'X-Forwarded-For';
    const share = portal.share({ passwordHash: quickHash('right') });
    const through = (n: number) => ({
      'X-Forwarded-For': `198.51.100.${n}, 203.0.113.7`,
      'CF-Connecting-IP': `198.51.100.${n}`,
      Forwarded: `for=198.51.100.${n}`,
    });
    for (let n = 0; n < 10; n++) await portal.post(share.path, 'wrong', through(n));
    expect((await portal.post(share.path, 'right', through(99))).status).toBe(429);
    const other = { 'X-Forwarded-For': '203.0.113.7, 203.0.113.8' };
    expect((await portal.post(share.path, 'right', other)).status).toBe(303);
    portal.hop.trustedHeader = '';
  });
});
