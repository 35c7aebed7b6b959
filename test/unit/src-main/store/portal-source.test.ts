/** Sums of the portal come from roll-ups and from memory; here they are counted from the records. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RecordScope } from '../../../../src-server/source.ts';
import { bumpDataVersion } from '../../../../src-main/store/data-version.ts';
import { startOpenPortal, type TestPortal } from '../../../support/portal.ts';
import {
  seedCustomer,
  seedProject,
  seedRecords,
  seedShare,
  type SeedRecord,
} from '../../../support/seed.ts';

let portal: TestPortal;
let customerId: number;
let projectIds: number[];
const records: SeedRecord[] = [];

beforeAll(async () => {
  portal = await startOpenPortal();
  customerId = seedCustomer(portal.store, { name: 'Harbour' });
  projectIds = ['A', 'B', 'C'].map((name) => seedProject(portal.store, { customerId, name }));
  for (const day of ['2025-01-31', '2025-02-01', '2025-02-28', '2025-03-01', '2026-01-01']) {
    projectIds.forEach((projectId, index) =>
      records.push({
        ...{ projectId, day, durationS: 60 * (index + 1), rateE4: 7 * (index + 1) },
        ...{ billable: index !== 1, running: index === 2 && day === '2025-02-01' },
        hidden: index === 0 && day === '2025-03-01',
      }),
    );
  }
  seedRecords(portal.store, records);
});
afterAll(() => portal.close());

const dayOf = ({ day }: SeedRecord): number => Number(day.replaceAll('-', ''));

function expected({ projectIds: ids, firstDay, lastDay, onlyBillable }: RecordScope) {
  const sums = new Map<number, { durationS: number; rateE4: number }>();
  const spent = new Map<number, { durationS: number; rateE4: number }>();
  for (const record of records) {
    const { projectId, billable, running, hidden, durationS, rateE4 } = record;
    const isIn = ids.includes(projectId) && dayOf(record) >= firstDay && dayOf(record) <= lastDay;
    if (!isIn || hidden || (onlyBillable && !billable)) continue;
    const add = (to: typeof sums, key: number) => {
      const sum = to.get(key) ?? { durationS: 0, rateE4: 0 };
      if (!running) {
        sum.durationS += durationS;
        sum.rateE4 += rateE4 ?? 0;
      }
      to.set(key, sum);
    };
    add(sums, Math.floor(dayOf(record) / 100));
    if (billable) add(spent, projectId);
  }
  return { sums, spent };
}

it('months, their sums and what budgets count are those of the records, for any days', () => {
  const day = fc.constantFrom(
    10101,
    20250101,
    20250131,
    20250201,
    20250215,
    20250228,
    20250301,
    20260101,
    99991231,
  );
  fc.assert(
    fc.property(
      day,
      day,
      fc.boolean(),
      fc.subarray([0, 1, 2]),
      (firstDay, lastDay, onlyBillable, some) => {
        const scope = {
          firstDay,
          lastDay,
          onlyBillable,
          projectIds: some.map((index) => projectIds[index]!),
        };
        const { sums, spent } = expected(scope);
        expect(portal.source.months(scope)).toEqual([...sums.keys()].toSorted((a, b) => a - b));
        for (const { year, month, ...sum } of portal.source.monthSums(scope)) {
          expect(sum).toEqual(sums.get(year * 100 + month));
        }
        expect(portal.source.monthSums(scope)).toHaveLength(sums.size);
        const counted = portal.source.spent(scope);
        expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(spent));
      },
    ),
    { numRuns: 300 },
  );
});

it('nothing is read from memory after a change of the data, or of a share', () => {
  const scope = { projectIds, firstDay: 10101, lastDay: 99991231, onlyBillable: false };
  expect(portal.source.months(scope)).not.toContain(202705);
  seedRecords(portal.store, [{ projectId: projectIds[0]!, day: '2027-05-01', durationS: 60 }]);
  expect(portal.source.months(scope)).toContain(202705);
  portal.store.prepare("UPDATE customers SET name = 'Bay' WHERE id = ?").run(customerId);
  bumpDataVersion(portal.store);
  expect(portal.source.customer(customerId)?.name).toBe('Bay');
});

it('every write to a share, whoever does it, ends what is kept of it', () => {
  const { id, key } = seedShare(portal.store, { customerId });
  const digest = createHash('sha256').update(key).digest();
  const found = () => portal.source.shareByKeyDigest(digest);
  expect(found()).toMatchObject({ paused: false, projectIds: [], sessionVersion: 1 });
  portal.store.prepare('UPDATE shares SET session_version = 2 WHERE id = ?').run(id);
  expect(found()?.sessionVersion).toBe(2);
  portal.store.prepare('INSERT INTO share_projects VALUES (?, ?)').run(id, projectIds[0]);
  expect(found()?.projectIds).toEqual([projectIds[0]]);
  portal.store.prepare('DELETE FROM share_projects WHERE share_id = ?').run(id);
  expect(found()?.projectIds).toEqual([]);
  portal.store.prepare('DELETE FROM shares WHERE id = ?').run(id);
  expect(found()).toBeNull();
});
