import { describe, expect, it } from 'vitest';
import {
  analyseFile,
  applyMapping,
  readTimesheet,
} from '../../../../../src-main/import/read/read-file.ts';
import type { ColumnMapping } from '../../../../../src-shared/contract/import-words.ts';
import { csv, failure, HEADER, readAs, readWhole, row } from './support.ts';

const unknownFile = csv(
  'Tag;Firma;Vorhaben;Stunden;Honorar;Geheim',
  '05.01.2026;Acme;Web;1,5;120,50;x',
  '06.01.2026;Acme;App;0,25;20,00;y',
);
const byHand = ['date', 'customer', 'project', 'duration', 'rate', 'ignored'] as const;

const mapAll = (columns: ColumnMapping[]): ColumnMapping[] =>
  columns.map((column, index) => ({ ...column, column: byHand[index]! }));

describe('mapping by hand', () => {
  it('is asked for when a needed column is missing', async () => {
    const analysis = await analyseFile(unknownFile);
    expect(analysis).toMatchObject({ needsMapping: true, delimiter: ';' });
    expect(analysis.samples[0]).toEqual(['05.01.2026', 'Acme', 'Web', '1,5', '120,50', 'x']);
    const reading = async (): Promise<void> =>
      readTimesheet(unknownFile, analysis, {
        onRecord: () => undefined,
        onProblem: () => undefined,
      });
    expect(await failure(reading())).toEqual(['mapping_incomplete', { reason: 'open' }]);
  });

  it('reads the file as mapped, with the rules of its cells', async () => {
    const analysis = await analyseFile(unknownFile);
    const mapped = applyMapping(analysis, mapAll(analysis.columns));
    expect(mapped).toMatchObject({ needsMapping: false, resolution: 36 });
    expect(mapped.samples[0]?.[5]).toBe('');
    const { records, problems } = await readAs(unknownFile, mapped);
    expect(problems).toEqual([]);
    expect(records.map(({ day, durationS, rateE4 }) => [day, durationS, rateE4])).toEqual([
      [20260105, 5400, 1_205_000],
      [20260106, 900, 200_000],
    ]);
  });

  it('is remembered by header', async () => {
    const first = await analyseFile(unknownFile);
    const kept = new Map([[first.headerKey, mapAll(first.columns)]]);
    const again = await analyseFile(unknownFile, { remembered: kept });
    expect(again.needsMapping).toBe(false);
    expect(again.columns.map(({ column }) => column)).toEqual(byHand);
  });

  it('must name what is needed, once', async () => {
    const { columns, ...analysis } = await analyseFile(unknownFile);
    const without = (name: string): ColumnMapping[] =>
      mapAll(columns).map((c) => (c.column === name ? { ...c, column: 'ignored' } : c));
    for (const column of ['date', 'customer', 'project', 'duration']) {
      const error = failure(
        Promise.resolve().then(() => applyMapping({ columns, ...analysis }, without(column))),
      );
      expect(await error).toEqual(['mapping_incomplete', { reason: 'missing', column }]);
    }
    const twice = mapAll(columns).map((c, i) => (i === 5 ? { ...c, column: 'date' as const } : c));
    const error = failure(
      Promise.resolve().then(() => applyMapping({ columns, ...analysis }, twice)),
    );
    expect(await error).toEqual([
      'mapping_incomplete',
      { reason: 'twice', column: 'date', header: 'Geheim' },
    ]);
  });

  it('is not asked for custom fields, as long as nothing usual is missing', async () => {
    const { analysis, records } = await readWhole(csv(`${HEADER},Location`, `${row()},Berlin`));
    expect(analysis.needsMapping).toBe(false);
    expect(analysis.columns.at(-1)?.column).toBe('unknown');
    expect(records).toHaveLength(1);
  });

  it('is asked when an unknown column may be what is missing', async () => {
    const header = HEADER.replace('Price,', 'Honorarium,');
    expect((await analyseFile(csv(header, row()))).needsMapping).toBe(true);
    const empty = await analyseFile(csv(header, row({ rate: '' })));
    expect(empty.needsMapping).toBe(false);
  });
});

describe('files with less', () => {
  it('reads times without rates, currency, end and user', async () => {
    const { analysis, records, problems } = await readWhole(
      csv('Date,Duration,Customer,Project', '2026-03-31,1:30,Acme,Web'),
    );
    expect(problems).toEqual([]);
    expect(analysis.missing).toEqual([
      'begin',
      'end',
      'rate',
      'activity',
      'description',
      'billable',
      'alias',
    ]);
    expect(records[0]).toMatchObject({
      day: 20260331,
      durationS: 5400,
      running: false,
      rateE4: undefined,
      endMin: undefined,
      activity: '',
      billable: undefined,
    });
  });

  it('takes the duration from begin and end, over midnight too', async () => {
    const { analysis, records } = await readWhole(
      csv(
        'Date,From,To,Customer,Project',
        '2026-03-31,22:00,06:00,Acme,Web',
        '2026-03-31,22:00,,Acme,Web',
      ),
    );
    expect(records.map(({ durationS, running }) => [durationS, running])).toEqual([
      [28_800, false],
      [0, true],
    ]);
    expect(analysis.resolution).toBe(60);
  });

  it('says when amounts have no currency', async () => {
    const { analysis } = await readWhole(
      csv('Date,Duration,Customer,Project,Price', '2026-03-31,1:30,Acme,Web,120'),
    );
    expect(analysis.missing).toContain('currency');
  });
});

describe('ambiguities that other rows settle', () => {
  const header = 'Date;Duration;Customer;Project';
  const file = (...dates: string[]): Buffer =>
    csv(header, ...dates.map((date) => `${date};1:30;Acme;Web`));

  it('dates with slashes, by a row far below', async () => {
    const dates = Array.from({ length: 20_000 }, () => '03/04/2026');
    const { records, problems } = await readWhole(file(...dates, '13/04/2026'));
    expect(problems).toEqual([]);
    expect(records[0]?.day).toBe(20260403);
    const american = await readWhole(file(...dates, '04/13/2026'));
    expect(american.records[0]?.day).toBe(20260304);
  });

  it('dates that no row settles are asked about, and read as chosen', async () => {
    const doubtful = file('03-04-2026', '05-04-2026');
    const analysis = await analyseFile(doubtful);
    expect(analysis.needsMapping).toBe(true);
    expect(analysis.choices).toEqual([
      {
        about: 'dateOrder',
        chosen: null,
        because: 'datesOpen',
        options: [
          { value: 'dmy', samples: ['03-04-2026 → 2026-04-03', '05-04-2026 → 2026-04-05'] },
          { value: 'mdy', samples: ['03-04-2026 → 2026-03-04', '05-04-2026 → 2026-05-04'] },
        ],
      },
    ]);
    const chosen = await analyseFile(doubtful, { choices: { dateOrder: 'mdy' } });
    expect(chosen.needsMapping).toBe(false);
    const { records } = await readAs(doubtful, chosen);
    expect(records.map(({ day }) => day)).toEqual([20260304, 20260504]);
    const remembered = new Map([[analysis.headerKey, { dateOrder: 'dmy' }]]);
    const again = await readWhole(doubtful, remembered);
    expect(again.records.map(({ day }) => day)).toEqual([20260403, 20260405]);
    // The dates of another file may rule out what was chosen for this one.
    const other = await readWhole(file('03-14-2026', '05-04-2026'), remembered);
    expect(other.records.map(({ day }) => day)).toEqual([20260314, 20260504]);
  });

  it('leaves doubtful dates unread in a file that has both orders', async () => {
    const { records, problems } = await readWhole(file('03/04/2026', '13/04/2026', '04/14/2026'));
    expect(problems.map(({ code, value }) => [code, value])).toEqual([
      ['date_ambiguous', '03/04/2026'],
    ]);
    expect(records.map(({ day }) => day)).toEqual([20260413, 20260414]);
  });

  it('seconds or hours, by the times', async () => {
    const hours = await readWhole(
      csv('Date,From,To,Duration,Customer,Project', '2026-03-31,09:00,17:00,8,Acme,Web'),
    );
    expect(hours.records[0]?.durationS).toBe(28_800);
    const seconds = await readWhole(
      csv(
        'Date,From,To,Duration,Currency,Customer,Project',
        '2026-03-31,09:00,17:00,28800,EUR,Acme,Web',
      ),
    );
    expect(seconds.records[0]?.durationS).toBe(28_800);
  });

  it('seconds or hours, by the layout where no times tell', async () => {
    const seconds = await readWhole(
      csv('Date,Duration,Customer,Project', '2026-03-31,5400,Acme,Web', '2026-03-31,0,Acme,Web'),
    );
    expect(seconds.records.map(({ durationS }) => durationS)).toEqual([5400, 0]);
    const header = 'Date,Duration,Currency,Customer,Project';
    const hours = await readWhole(csv(header, '2026-03-31,2,EUR,Acme,Web'));
    expect(hours.records[0]?.durationS).toBe(7200);
    const absurd = csv('Date,Duration,Customer,Project', '2026-03-31,2678401,Acme,Web');
    expect((await readWhole(absurd)).problems).toMatchObject([{ code: 'duration_absurd' }]);
    const long = csv(header, '2026-03-31,744,EUR,Acme,Web', '2026-03-31,745,EUR,Acme,Web');
    // So many hours may be minutes.
    expect((await analyseFile(long)).needsMapping).toBe(true);
    const chosen = await analyseFile(long, { choices: { durationUnit: 'hours' } });
    const { records, problems } = await readAs(long, chosen);
    expect(records[0]?.durationS).toBe(31 * 86_400);
    expect(problems).toMatchObject([{ code: 'duration_absurd', value: '745' }]);
  });

  it('thousands or decimals, by the other amounts', async () => {
    const priced = (...amounts: string[]): Promise<Awaited<ReturnType<typeof readWhole>>> =>
      readWhole(csv(HEADER, ...amounts.map((rate) => row({ rate: `"${rate}"` }))));
    const rates = ({ records }: { records: { rateE4?: number | undefined }[] }): unknown[] =>
      records.map(({ rateE4 }) => rateE4);
    expect(rates(await priced('1,947', '12,50'))).toEqual([19_470, 125_000]);
    expect(rates(await priced('1,947', '1,947.50'))).toEqual([19_470_000, 19_475_000]);
    expect(rates(await priced('1.947', '1.947,50'))).toEqual([19_470_000, 19_475_000]);
    const open = await readWhole(csv(HEADER, row({ rate: '"1,947"', hourlyRate: '80' })));
    expect(open.problems).toMatchObject([{ code: 'amount_invalid', value: '1,947' }]);
  });

  it('of two duration columns the finer one', async () => {
    const { analysis, records } = await readWhole(
      csv('Date,Duration,Duration,Customer,Project', '2026-03-31,1:30,1:30:59,Acme,Web'),
    );
    expect(records[0]?.durationS).toBe(5459);
    expect(analysis.columns.map(({ column }) => column).slice(1, 3)).toEqual([
      'ignored',
      'duration',
    ]);
  });

  it('plain ASCII that turns out to be Windows-1252 after megabytes', async () => {
    const rows = Array.from({ length: 5000 }, () => row());
    const bytes = Buffer.concat([
      csv(HEADER, ...rows),
      Buffer.from(`${row({ customer: 'Söhne' })}\n`, 'latin1'),
    ]);
    const { records } = await readWhole(bytes);
    expect(records.at(-1)?.customer).toBe('Söhne');
  });
});
