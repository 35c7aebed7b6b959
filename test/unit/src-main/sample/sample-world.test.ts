/** The sample business, loaded as its owner would, on several days of the year. */
import { afterEach, describe, expect, it } from 'vitest';
import { dayNumber, dayText, type DayNumber } from '../../../../src-shared/domain/day.ts';
import { loadSampleData } from '../../../../src-main/program/sample.ts';
import { writeSampleTimesheets } from '../../../../src-main/sample/sample-timesheets.ts';
import { createTestApp, type TestApp } from '../../../support/app.ts';

let app: TestApp | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});

async function loadedOn(today: DayNumber): Promise<TestApp> {
  const noon = new Date(`${dayText(today)}T12:00:00`);
  app = await createTestApp({ clock: { now: () => noon } });
  expect(await loadSampleData(app.app)).toMatch(/customer-portal/);
  return app;
}

// A first and a last day of a month, one in the holidays, a leap day.
const days = [dayNumber(2026, 11, 27)!, dayNumber(2027, 1, 1)!, dayNumber(2028, 2, 29)!];

describe('the sample business', () => {
  it.each(days)('has four clients, nine projects and two people on %i', async (today) => {
    const { call: client } = await loadedOn(today);
    const customers = await client('customers.list', {});
    expect(customers.map(({ name }) => name).sort()).toEqual([
      'Brandt & Söhne',
      'Harbour Coffee Roasters',
      'Lindqvist Architects',
      'Northside Dental',
    ]);
    expect(customers.every(({ currency, durationS }) => currency !== null && durationS > 0)).toBe(
      true,
    );
    const projects = await client('projects.list', {});
    expect(projects).toHaveLength(9);
    expect(projects.every(({ durationS }) => durationS > 0)).toBe(true);
    const { rows } = await client('records.list', { limit: 500 });
    expect(new Set(rows.map(({ user }) => user))).toEqual(new Set(['Anna Keller', 'Tom Reyes']));
  });

  it.each(days)('has budgets between 20 and 95 per cent, and one overrun, on %i', async (today) => {
    const { call: client } = await loadedOn(today);
    const month = Math.floor(today / 100);
    const used: number[] = [];
    for (const project of await client('projects.list', {})) {
      const { rows } = await client('records.list', { projectId: project.id, limit: 500 });
      const counted = rows.filter(
        ({ day }) =>
          project.budgetType === null || day.replaceAll('-', '').startsWith(String(month)),
      );
      const sum = (value: (row: (typeof rows)[number]) => number): number =>
        counted.reduce((total, row) => total + value(row), 0);
      if (project.timeBudgetS > 0) used.push(sum((row) => row.durationS) / project.timeBudgetS);
      if (project.budgetE4 > 0) used.push(sum((row) => row.rateE4 ?? 0) / project.budgetE4);
    }
    expect(used).toHaveLength(10);
    expect(used.filter((share) => share > 1)).toHaveLength(1);
    expect(used.filter((share) => share <= 1).every((s) => s >= 0.2 && s <= 0.95)).toBe(true);
  });

  it('ends today or before, begins two years ago, and leaves weekends and holidays free', () => {
    const today = dayNumber(2026, 11, 27)!;
    const lines = writeSampleTimesheets(today).trim().split('\n').slice(1);
    const dates = lines.map((line) => line.slice(0, 10));
    expect(dates).toEqual([...dates].sort());
    expect(dates.at(-1)).toBe('2026-11-27');
    expect(dates[0]! < '2024-12-02').toBe(true);
    const free = dates.filter((date) => [0, 6].includes(new Date(date).getUTCDay()));
    expect(free.every((date) => date.endsWith('-01'))).toBe(true);
    expect(dates.some((date) => date >= '2026-08-04' && date <= '2026-08-17')).toBe(false);
  });

  it('never has one person at two places at once', () => {
    const lines = writeSampleTimesheets(dayNumber(2026, 11, 27)!)
      .trim()
      .split('\n')
      .slice(1);
    const ends = new Map<string, string>();
    for (const line of lines) {
      const [date, from, to] = line.split(',') as [string, string, string];
      const key = `${date} ${/"(Anna Keller|Tom Reyes)"/.exec(line)![1]}`;
      expect(from >= (ends.get(key) ?? '')).toBe(true);
      expect(to > from).toBe(true);
      ends.set(key, to);
    }
  });

  it('is the same text on the same day', () => {
    expect(writeSampleTimesheets(days[0]!)).toBe(writeSampleTimesheets(days[0]!));
  });

  it('comes once, and goes again with what was changed of it, and nothing else', async () => {
    const { call: client, importBytes } = await loadedOn(days[0]!);
    await expect(client('sample.load')).rejects.toMatchObject({ code: 'sample_not_empty' });
    await importBytes(
      'own.csv',
      'Date,From,To,Duration,Name,User,Customer,Project,Activity\n' +
        '2026-11-02,09:00,10:00,1:00,Ana,ana,Acme,Site,Work\n',
    );
    const own = (await client('customers.list')).find(({ name }) => name === 'Acme')!;
    const ownShare = await client('shares.create', { customerId: own.id });
    const customer = (await client('customers.list')).find(({ name }) => name !== 'Acme');
    await client('customers.update', { id: customer!.id, patch: { comment: 'a good one' } });
    const { rows } = await client('records.list', { customerId: customer!.id, limit: 3 });
    await client('records.update', { ids: rows.map(({ id }) => id), patch: { hidden: true } });
    await client('shares.create', { customerId: customer!.id });

    await client('sample.remove');
    expect((await client('customers.list')).map(({ name }) => name)).toEqual(['Acme']);
    expect((await client('projects.list')).map(({ name }) => name)).toEqual(['Site']);
    expect((await client('records.list')).total).toBe(1);
    expect((await client('shares.list')).map(({ id }) => id)).toEqual([ownShare.id]);
    expect((await client('overview.get')).sample).toBe(false);
    await expect(client('sample.remove')).rejects.toMatchObject({ code: 'not_found' });
  });
});
