import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  analyseFile,
  noticesOf,
  readCustomers,
  readProjects,
} from '../../../../../src-main/import/read/read-file.ts';
import type { ImportRecord } from '../../../../../src-main/import/rows/types.ts';
import { fixture, readWhole } from './support.ts';

const world = (name: string): string => fixture(`golden/kimai-2.66-world/${name}`);
const mixed = (name: string): string => fixture(`golden/kimai-2.66-mixed/${name}`);
const older = (name: string): string => fixture(`golden/kimai-older-versions/${name}`);

/** Order is not reliable, and two records may begin at once: sorted by all that every file has. */
function sorted(records: ImportRecord[]): ImportRecord[] {
  const key = (r: ImportRecord): string =>
    [r.day, r.beginMin, r.customer, r.project, r.activity, r.displayName, r.rateE4, r.description]
      .map((part) => String(part).padStart(12, '0'))
      .join('|');
  return records.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** What a record is, without what only some layouts say. */
function comparable(record: ImportRecord): Partial<ImportRecord> {
  const { line, kimaiId, breakS, projectNumber, orderNumber, ...rest } = record;
  // Named only to be left out.
  void [line, kimaiId, breakS, projectNumber, orderNumber];
  return rest;
}

async function full(): Promise<ImportRecord[]> {
  return sorted((await readWhole(world('full-en.csv'))).records);
}

describe('the world of Kimai 2.66', () => {
  it('reads the loss-free template with all that it states', async () => {
    const { analysis, records, problems } = await readWhole(world('full-en.csv'));
    expect(problems).toEqual([]);
    expect(records).toHaveLength(616);
    expect(analysis.needsMapping).toBe(false);
    expect(analysis.resolution).toBe(1);
    expect(noticesOf(analysis)).toEqual([]);
    expect(new Set(records.map((r) => r.kimaiId)).size).toBe(616);
    expect(records.reduce((sum, r) => sum + r.durationS, 0)).toBe(3_715_328);
    expect(records.reduce((sum, r) => sum + r.rateE4!, 0)).toBe(16_833_994_400);
    expect(records[0]).toEqual({
      line: 2,
      kimaiId: 1085,
      day: 20241102,
      beginMin: 675,
      endMin: 720,
      running: false,
      durationS: 2700,
      breakS: 0,
      rateE4: 2_570_600,
      hourlyRateE4: 3_427_500,
      fixedRateE4: null,
      currency: 'AED',
      displayName: 'Bjorn Berg',
      login: 'bjorn',
      customer: 'شركة المرفأ',
      customerNumber: '0004',
      project: 'تطوير الموقع',
      projectNumber: undefined,
      orderNumber: undefined,
      activity: 'Design, print',
      description: 'Line one\nLine two',
      exported: false,
      billable: false,
      tags: '',
    });
  });

  it('undoes the prefix in all of its descriptions', async () => {
    const records = await full();
    expect(records.some((r) => r.description.startsWith('Added'))).toBe(true);
    expect(records.filter((r) => r.description.startsWith("' "))).toEqual([]);
  });

  it('reads the XLSX export as exactly as the template', async () => {
    const { analysis, records, problems } = await readWhole(world('timesheets-en.xlsx'));
    expect(problems).toEqual([]);
    expect(noticesOf(analysis)).toEqual([]);
    const wanted = (await full()).map((r) => ({ ...comparable(r), exported: undefined }));
    expect(sorted(records).map(comparable)).toEqual(wanted);
  });

  it('reads the default export: the same amounts, less than a minute short', async () => {
    const { analysis, records, problems } = await readWhole(world('default-en.csv'));
    expect(problems).toEqual([]);
    expect(analysis.resolution).toBe(60);
    expect(noticesOf(analysis)).toEqual(['noSeconds']);
    const wanted = (await full()).map((r) => ({
      ...comparable(r),
      exported: undefined,
      durationS: Math.floor(r.durationS / 60) * 60,
    }));
    expect(sorted(records).map(comparable)).toEqual(wanted);
  });

  it('reads the German template: semicolons, decimal hours, one user column', async () => {
    const { analysis, records, problems } = await readWhole(world('semicolon-de-decimal.csv'));
    expect(problems).toEqual([]);
    expect(analysis).toMatchObject({ delimiter: ';', resolution: 36, needsMapping: false });
    const byLogin = (await full()).map((r) => ({ ...r, displayName: r.login }));
    const rounded = sorted(byLogin).map((r) => Math.round(r.durationS / 36) * 36);
    expect(sorted(records).map((r) => r.durationS)).toEqual(rounded);
    expect(sorted(records).map((r) => r.rateE4)).toEqual(sorted(byLogin).map((r) => r.rateE4));
  });

  it('reads times without rates as times without rates', async () => {
    const { analysis, records, problems } = await readWhole(world('my-times-no-rates-en.csv'));
    expect(problems).toEqual([]);
    expect(records).toHaveLength(141);
    expect(analysis.missing).toEqual(['rate']);
    expect(noticesOf(analysis)).toContain('noRates');
    for (const record of records) {
      expect(record.rateE4).toBeUndefined();
      expect(record.hourlyRateE4).toBeUndefined();
      expect(record.fixedRateE4).toBeUndefined();
      expect(record.currency).toBeUndefined();
    }
  });

  it('never shows what is not kept', async () => {
    const text = JSON.stringify(await readWhole(world('default-en.csv')));
    expect(text).not.toContain('@example.com');
  });
});

describe('lists of customers and projects', () => {
  it('are the same in English, German and Japanese', async () => {
    const customers = await readCustomers(world('customers-en.xlsx'));
    expect(customers.problems).toEqual([]);
    expect(await readCustomers(world('customers-de.xlsx'))).toEqual(customers);
    expect(await readCustomers(world('customers-ja.xlsx'))).toEqual(customers);
    expect(customers.rows.find((row) => row.kimaiId === 102)).toEqual({
      line: 6,
      kimaiId: 102,
      name: '株式会社みなと',
      number: '0002',
      currency: 'JPY',
      budgetE4: 5_000_000_000,
      timeBudgetS: 108_000,
      budgetType: 'month',
      visible: true,
    });
    const projects = await readProjects(world('projects-en.xlsx'));
    expect(projects.problems).toEqual([]);
    expect(projects.rows).toHaveLength(8);
    expect(await readProjects(world('projects-de.xlsx'))).toEqual(projects);
    expect(await readProjects(world('projects-ja.xlsx'))).toEqual(projects);
    expect(projects.rows.find((row) => row.kimaiId === 205)?.timeBudgetS).toBe(144_000);
  });

  it.each(['2.0', '2.14', '2.26', '2.35'])('are the same from Kimai %s', async (version) => {
    const budgets = ({ rows }: { rows: { kimaiId: number }[] }): object[] =>
      rows
        .map((row) => ({ ...row, line: 0, number: undefined }))
        .toSorted((a, b) => a.kimaiId - b.kimaiId);
    const customers = await readCustomers(older(`${version}/customers-en.xlsx`));
    expect(customers.problems).toEqual([]);
    expect(budgets(customers)).toEqual(budgets(await readCustomers(world('customers-en.xlsx'))));
    const projects = await readProjects(older(`${version}/projects-en.xlsx`));
    expect(projects.problems).toEqual([]);
    expect(budgets(projects)).toEqual(budgets(await readProjects(world('projects-en.xlsx'))));
  });

  it('are told from timesheets', async () => {
    expect((await analyseFile(world('customers-ja.xlsx'))).kind).toBe('customers');
    expect((await analyseFile(world('projects-de.xlsx'))).kind).toBe('projects');
    expect((await analyseFile(world('timesheets-en.xlsx'))).kind).toBe('timesheet');
  });
});

describe('older versions give the same 616 records', () => {
  const files = readdirSync(fixture('golden/kimai-older-versions')).flatMap((version) =>
    readdirSync(older(version))
      .filter((name) => name.endsWith('.csv') || name.startsWith('timesheets'))
      .map((name) => [version, name] as const),
  );

  it('has all files', () => expect(files).toHaveLength(23));

  it.each(files)('%s %s', async (version, name) => {
    const { analysis, records, problems } = await readWhole(older(`${version}/${name}`));
    expect(problems).toEqual([]);
    expect(analysis.needsMapping).toBe(false);
    const resolution = { '2.27': 36, '2.31': 60, '2.32': 60 }[version] ?? 1;
    expect(analysis.resolution).toBe(resolution);
    const round = resolution === 36 ? Math.round : Math.floor;
    const hasLogin = analysis.columns.some(({ column }) => column === 'username');
    const hasExported = analysis.columns.some(({ column }) => column === 'exported');
    const wanted = (await full()).map((r) => ({
      ...comparable(r),
      durationS: round(r.durationS / resolution) * resolution,
      login: hasLogin ? r.login : undefined,
      exported: hasExported ? r.exported : undefined,
    }));
    expect(sorted(records).map(comparable)).toEqual(wanted);
  });
});

describe('the mixed world', () => {
  it('has its running records, and only where they were exported', async () => {
    const all = await readWhole(mixed('all-times-en.csv'));
    expect(all.problems).toEqual([]);
    expect(all.records).toHaveLength(616);
    const running = all.records.filter((r) => r.running);
    expect(running).toHaveLength(2);
    for (const record of running) {
      expect(record).toMatchObject({ durationS: 0, rateE4: 0, endMin: undefined });
    }
    for (const name of ['default-en.csv', 'full-en.csv']) {
      const { records, problems } = await readWhole(mixed(name));
      expect(problems).toEqual([]);
      expect(records.filter((r) => r.running)).toEqual([]);
      expect(records).toHaveLength(614);
    }
  });
});

describe('samples of other versions', () => {
  const expected: Record<string, { records: number; problems: string[]; resolution: number }> = {
    '01': { records: 15, problems: [], resolution: 60 },
    '02': { records: 13, problems: [], resolution: 60 },
    '03': { records: 6, problems: [], resolution: 1 },
    '04': { records: 5, problems: [], resolution: 1 },
    '05': { records: 1, problems: [], resolution: 60 },
    '06': { records: 2, problems: [], resolution: 1 },
    '07': { records: 3, problems: [], resolution: 1 },
    '08': { records: 3, problems: [], resolution: 1 },
    '09': { records: 3, problems: [], resolution: 1 },
    '10': { records: 2, problems: [], resolution: 36 },
    '11': { records: 2, problems: [], resolution: 1 },
    '12': { records: 3, problems: [], resolution: 36 },
  };

  it.each(readdirSync(fixture('samples')).filter((name) => name.endsWith('.csv')))(
    '%s',
    async (name) => {
      const { analysis, records, problems } = await readWhole(fixture(`samples/${name}`));
      expect({
        records: records.length,
        problems: problems.map(({ code }) => code),
        resolution: analysis.resolution,
      }).toEqual(expected[name.slice(0, 2)]);
      expect(analysis.needsMapping).toBe(false);
      expect(analysis.columns.filter(({ column }) => column === 'unknown')).toEqual([]);
    },
  );

  it('reads dates, durations and money of Kimai 1.0', async () => {
    const { records } = await readWhole(fixture('samples/05-kimai-1.0-de-with-totals.csv'));
    expect(records[0]).toMatchObject({
      day: 20190616,
      beginMin: 720,
      endMin: 830,
      durationS: 6600,
      rateE4: 1_466_700,
      hourlyRateE4: 800_000,
      fixedRateE4: null,
      currency: 'EUR',
      exported: false,
      tags: 'bar, foo',
    });
  });

  it('keeps what only tags and text tell apart, leading zeros, and running records', async () => {
    const one = await readWhole(fixture('samples/01-kimai-2.32-2.36-default-en.csv'));
    expect(one.records[0]).toMatchObject({ customerNumber: '0002', projectNumber: '0014' });
    const name = 'samples/12-kimai-2.41plus-custom-template-semicolon-ru-id-break-running.csv';
    const { records } = await readWhole(fixture(name));
    expect(records.map((r) => r.durationS)).toEqual([28_800, 0, -396]);
    expect(records.map((r) => r.running)).toEqual([false, true, false]);
    expect(records[0]).toMatchObject({ kimaiId: 4711, breakS: 1800, project: 'Сайт; этап 2' });
  });
});
