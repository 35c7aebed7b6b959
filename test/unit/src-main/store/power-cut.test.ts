import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cutLog } from '../../../reliability/power-cuts.ts';
import { createRandom } from '../../../reliability/random.ts';

// The short form of `npm run test:reliability -- power`.
it('after a power cut all is there that was committed before it, and nothing half', () => {
  const folder = mkdtempSync(join(tmpdir(), 'power-'));
  const row = cutLog(
    { folder, random: createRandom(18), isOver: () => false, timeMs: Infinity },
    30,
  );
  rmSync(folder, { recursive: true });
  expect(row).toMatchObject({ tried: 30, failures: [] });
});
