import { expect, it } from 'vitest';
import { mendAddress } from '../../../../src-main/sync/address.ts';

it.each([
  ['kimai.example.com', 'https://kimai.example.com'],
  ['  https://kimai.example.com/  ', 'https://kimai.example.com'],
  ['https://kimai.example.com/en/homepage', 'https://kimai.example.com'],
  ['https://kimai.example.com/de_CH/timesheet/?page=2#top', 'https://kimai.example.com'],
  ['https://kimai.example.com/zh_Hans/', 'https://kimai.example.com'],
  ['kimai.example.com/en', 'https://kimai.example.com'],
  ['https://kimai.example.com/api', 'https://kimai.example.com'],
  ['https://kimai.example.com/api/doc', 'https://kimai.example.com'],
  ['https://kimai.example.com/api/timesheets?user=all', 'https://kimai.example.com'],
  ['https://example.com/kimai/en/login', 'https://example.com/kimai'],
  ['https://example.com/kimai/index.php/en/', 'https://example.com/kimai'],
  ['example.com/de/kimai', 'https://example.com/de/kimai'],
  ['http://192.168.1.5:8001/en/', 'http://192.168.1.5:8001'],
  ['localhost:8001', 'https://localhost:8001'],
  ['HTTPS://Kimai.Example.COM/', 'https://kimai.example.com'],
  ['https://name.kimai.cloud/en/dashboard', 'https://name.kimai.cloud'],
])('takes %j for %s', (typed, mended) => {
  expect(mendAddress(typed)).toBe(mended);
});

it.each([
  '',
  '   ',
  'my kimai',
  'ftp://kimai.example.com',
  'javascript:alert(1)',
  'https://anna:secret@kimai.example.com',
  'https://',
  `https://${'a'.repeat(600)}.example.com`,
])('refuses %j', (typed) => {
  expect(() => mendAddress(typed)).toThrow(expect.objectContaining({ code: 'kimai_address' }));
});
