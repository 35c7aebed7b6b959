import { describe, expect, it } from 'vitest';
import { newPassword } from '../../../../src-shared/contract/common.ts';
import { normalPassword, passwordBytes } from '../../../../src-shared/domain/password.ts';

describe('the normal form of a password', () => {
  it.each([
    ['right', 'right'],
    ['two words', 'two words'],
    [' right', 'right'],
    ['right\r\n', 'right'],
    ['\u00a0right\u00a0', 'right'],
    ['\u200bright\u200d\ufeff', 'right'],
    ['\u2060\u00adright\u200f', 'right'],
    ['ri\u200bght', 'ri\u200bght'],
    [' \u00a0\u200b\n', ''],
    ['', ''],
  ])('of %j is %j', (typed, normal) => {
    expect(normalPassword(typed)).toBe(normal);
  });

  it('is what its length is counted in', () => {
    expect(passwordBytes(` ${'ä'.repeat(64)}\n`)).toBe(128);
  });

  it('must have something in it to be set', () => {
    expect(newPassword.safeParse(' \u200b').success).toBe(false);
    expect(newPassword.safeParse(' a ').success).toBe(true);
  });
});
