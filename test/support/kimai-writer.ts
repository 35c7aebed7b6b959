/**
 * Writes exports as Kimai's versions, and spreadsheets after them, write them: every layout of
 * docs/kimai-files.md, with its quoting, encoding, money, durations and words.
 */
import { dayText } from '../../src-shared/domain/day.ts';
import { decimalText } from '../../src-shared/domain/money.ts';
import type { DurationResolution } from '../../src-main/import/rows/types.ts';

/** A time entry as Kimai knows it. */
export interface Entry {
  id: number;
  /** `yyyymmdd`. */
  day: number;
  beginMin: number;
  durationS: number;
  breakS: number;
  /** Whole cents, in ten-thousandths. */
  rateE4: number;
  hourlyRateE4: number;
  fixedRateE4: number | null;
  currency: string;
  displayName: string;
  login: string;
  customer: string;
  customerNumber: string;
  project: string;
  projectNumber: string;
  orderNumber: string;
  activity: string;
  description: string;
  exported: boolean;
  billable: boolean;
  tags: string[];
  running: boolean;
}

type Cell = (entry: Entry, layout: Layout) => string;

export interface Layout {
  name: string;
  delimiter: ',' | ';' | '\t';
  encoding: 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  /** Every cell in quotes (up to 2.26), or only where needed. */
  quoteAll: boolean;
  rowEnd: '\n' | '\r\n';
  /** Kimai's key and the header, left to right. */
  columns: [key: ColumnKey, header: string][];
  date: (day: number) => string;
  duration: 'seconds' | 'hours' | 'h:mm' | 'h:mm:ss' | 'hh:mm h' | 'hh h mm';
  money: 'plain' | 'comma' | 'coded' | 'euro';
  words: { yes: string; no: string; exported?: string; open?: string };
  tagSeparator: ',' | ', ';
  /** Since 1.14.1 Kimai puts `' ` before texts that a spreadsheet could run. */
  prefix: boolean;
  totals: boolean;
}

export type ColumnKey =
  | 'id'
  | 'date'
  | 'begin'
  | 'end'
  | 'duration'
  | 'break'
  | 'currency'
  | 'rate'
  | 'internalRate'
  | 'hourlyRate'
  | 'fixedRate'
  | 'alias'
  | 'username'
  | 'email'
  | 'account_number'
  | 'customer'
  | 'project'
  | 'activity'
  | 'description'
  | 'exported'
  | 'billable'
  | 'tags'
  | 'type'
  | 'category'
  | 'number'
  | 'project_number'
  | 'vat_id'
  | 'orderNumber'
  /** A custom field of the exporter's own. */
  | 'custom';

/** A marker that must never come out of the reader: stands in all columns we do not keep. */
export const SECRET = 'never-to-be-read';

const two = (value: number): string => String(value).padStart(2, '0');
const clock = (minutes: number): string =>
  `${two(Math.floor((minutes % 1440) / 60))}:${two(minutes % 60)}`;

function duration(seconds: number, layout: Layout): string {
  const sign = seconds < 0 ? '-' : '';
  const size = Math.abs(seconds);
  const hours = Math.floor(size / 3600);
  const minutes = Math.floor(size / 60) % 60;
  switch (layout.duration) {
    case 'seconds':
      return String(seconds);
    case 'hours': {
      const text = decimalText(Math.round(seconds / 36) * 100);
      return layout.money === 'comma' ? text.replace('.', ',') : text;
    }
    case 'h:mm':
      return `${sign}${hours}:${two(minutes)}`;
    case 'h:mm:ss':
      return `${sign}${hours}:${two(minutes)}:${two(size % 60)}`;
    case 'hh:mm h':
      return `${sign}${two(hours)}:${two(minutes)} h`;
    case 'hh h mm':
      return `${sign}${two(hours)} h ${two(minutes)}`;
  }
}

/** What a layout says of a duration, in seconds. */
export function statedDuration(seconds: number, layout: Layout): number {
  const resolution = statedResolution(layout);
  const stated = seconds / resolution;
  return (resolution === 36 ? Math.round(stated) : Math.trunc(stated)) * resolution + 0;
}

export function statedResolution(layout: Layout): DurationResolution {
  if (layout.duration === 'hours') return 36;
  return layout.duration === 'seconds' || layout.duration === 'h:mm:ss' ? 1 : 60;
}

function money(amountE4: number | null, currency: string, layout: Layout): string {
  if (layout.money === 'plain') return decimalText(amountE4 ?? 0);
  if (layout.money === 'comma') return decimalText(amountE4 ?? 0).replace('.', ',');
  const [whole, fraction = ''] = decimalText(Math.abs(amountE4 ?? 0)).split('.');
  const minus = (amountE4 ?? 0) < 0 ? '-' : '';
  const group = (mark: string): string => whole!.replaceAll(/\B(?=(\d{3})+$)/g, mark);
  const cents = fraction.padEnd(2, '0');
  if (layout.money === 'euro') return `${minus}${group('.')},${cents}\u00a0€`;
  if (amountE4 === null) return '';
  return amountE4 === 0 ? '0' : ` ${currency} ${minus}${group(',')}.${cents} `;
}

/** As Kimai writes a text that a spreadsheet could run. */
export function prefixed(text: string): string {
  return /^[=\-@+\t\n\r]/.test(text) || /dde/i.test(text) ? `' ${text}` : text;
}

const when = (entry: Entry, layout: Layout, minutes: number): string => {
  const hasDate = layout.columns.some(([key]) => key === 'date');
  return hasDate ? clock(minutes) : `${layout.date(entry.day)} ${clock(minutes)}`;
};

const cells: Record<ColumnKey, Cell> = {
  id: (entry) => String(entry.id),
  date: (entry, layout) => layout.date(entry.day),
  begin: (entry, layout) => when(entry, layout, entry.beginMin),
  end: (entry, layout) => (entry.running ? '' : when(entry, layout, endMinutes(entry))),
  duration: (entry, layout) => duration(entry.durationS, layout),
  break: (entry, layout) => duration(entry.breakS, layout),
  currency: (entry) => entry.currency,
  rate: (entry, layout) => money(entry.rateE4, entry.currency, layout),
  internalRate: () => SECRET,
  hourlyRate: (entry, layout) => money(entry.hourlyRateE4, entry.currency, layout),
  fixedRate: (entry, layout) => money(entry.fixedRateE4, entry.currency, layout),
  alias: (entry) => entry.displayName,
  username: (entry) => entry.login,
  email: () => SECRET,
  account_number: () => SECRET,
  customer: (entry) => entry.customer,
  project: (entry) => entry.project,
  activity: (entry) => entry.activity,
  description: (entry, layout) => (layout.prefix ? prefixed(entry.description) : entry.description),
  exported: (entry, { words }) =>
    entry.exported ? (words.exported ?? words.yes) : (words.open ?? words.no),
  billable: (entry, { words }) => (entry.billable ? words.yes : words.no),
  tags: (entry, layout) => entry.tags.join(layout.tagSeparator),
  type: () => 'timesheet',
  category: () => 'work',
  number: (entry) => entry.customerNumber,
  project_number: (entry) => entry.projectNumber,
  vat_id: () => SECRET,
  orderNumber: (entry) => entry.orderNumber,
  custom: () => 'Berlin',
};

/** End as printed: minutes after midnight of the day it falls on. */
export function endMinutes(entry: Entry): number {
  const minutes = entry.beginMin + Math.trunc((entry.durationS + entry.breakS) / 60);
  return ((minutes % 1440) + 1440) % 1440;
}

/** PHP's fputcsv, and what spreadsheets do: quotes where they are needed. */
function quote(text: string, layout: Layout): string {
  const needed = /[\s"]/.test(text) || text.includes(layout.delimiter);
  return layout.quoteAll || needed ? `"${text.replaceAll('"', '""')}"` : text;
}

export interface Export {
  bytes: Buffer;
  /** The line on which the row of each entry begins. */
  lines: number[];
}

export function writeExport(entries: Entry[], layout: Layout): Export {
  const lines: number[] = [];
  let line = 1;
  const rows = [layout.columns.map(([, header]) => header)];
  for (const entry of entries) rows.push(layout.columns.map(([key]) => cells[key](entry, layout)));
  if (layout.totals) {
    rows.push(
      layout.columns.map(([key]) =>
        key === 'duration' ? '[00]:00' : key === 'rate' ? '12.5' : '',
      ),
    );
  }
  const texts = rows.map((row) => {
    const text = row.map((cell) => quote(cell, layout)).join(layout.delimiter);
    lines.push(line);
    line += 1 + (text.match(/\r\n|\r|\n/g)?.length ?? 0);
    return text + layout.rowEnd;
  });
  return {
    bytes: encode(texts.join(''), layout.encoding),
    lines: lines.slice(1, entries.length + 1),
  };
}

function encode(text: string, encoding: Layout['encoding']): Buffer {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text, 'utf8');
    case 'utf-8-bom':
      return Buffer.from(`\ufeff${text}`, 'utf8');
    case 'utf-16le':
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 'utf-16be':
      return Buffer.from(text, 'utf16le').swap16();
    case 'windows-1252':
      return Buffer.from(text.replaceAll('€', '\u0080'), 'latin1');
  }
}

export const dmy = (mark: string) => (day: number) => {
  const [year, month, date] = dayText(day).split('-');
  return [date, month, year].join(mark);
};
const shortMdy = (day: number): string => {
  const [year, month, date] = dayText(day).split('-').map(Number);
  return `${month}/${date}/${year}`;
};

const columns = (text: string): [ColumnKey, string][] =>
  text.split('|').map((pair) => pair.split('=') as [ColumnKey, string]);

export const kimai2 = {
  delimiter: ',',
  encoding: 'utf-8',
  quoteAll: false,
  rowEnd: '\n',
  date: dayText,
  money: 'plain',
  words: { yes: '1', no: '0' },
  tagSeparator: ', ',
  prefix: true,
  totals: false,
} as const;

export const kimai1 = {
  ...kimai2,
  quoteAll: true,
  duration: 'seconds',
  money: 'coded',
  tagSeparator: ',',
} as const;

const germanOld =
  'date=Datum|begin=Von|end=Bis|duration=Dauer|rate=Lohn|internalRate=Interner Lohn|alias=Benutzer|username=Name|customer=Kunde|project=Projekt|activity=Tätigkeit|description=Beschreibung|exported=Exportiert|billable=Abrechenbar|tags=Schlagworte|hourlyRate=Stundenlohn|fixedRate=Festbetrag|type=Typ|category=label.category|number=Kundennummer|vat_id=Umsatzsteuer-ID|orderNumber=Bestellnummer';
const german227 =
  'date=Datum|begin=Von|end=Bis|duration=Dauer|currency=Währung|rate=Preis|internalRate=Interner Preis|hourlyRate=Preis pro Stunde|fixedRate=Festpreis|alias=Benutzer|account_number=Personalnummer|customer=Kunde|project=Projekt|activity=Tätigkeit|description=Beschreibung|billable=Abrechenbar|tags=Schlagworte|type=Typ|category=category|number=Kundennummer|project_number=Projektnummer|vat_id=Umsatzsteuer-ID|orderNumber=Bestellnummer';
const english232 =
  'date=Date|begin=From|end=To|duration=Duration|currency=Currency|rate=Price|internalRate=Internal price|hourlyRate=Hourly price|fixedRate=Fixed price|alias=Name|username=User|account_number=Staff number|customer=Customer|project=Project|activity=Activity|description=Description|billable=Billable|tags=Tags|type=Type|category=category|number=Account|project_number=Project number|vat_id=VAT-ID|orderNumber=Order number';

export const layouts: Layout[] = [
  {
    ...kimai1,
    name: '1.0 German, no date column, totals row',
    columns: columns(
      'begin=Von|end=Bis|alias=Benutzer|customer=Kunde|project=Projekt|activity=Tätigkeit|description=Beschreibung|exported=Exportiert|tags=Schlagworte|hourlyRate=Stundenlohn|fixedRate=Festbetrag|duration=Dauer|rate=Lohn',
    ),
    date: dmy('.'),
    duration: 'hh:mm h',
    money: 'euro',
    words: { yes: 'Ja', no: 'Nein', exported: 'Abgerechnet', open: 'Offen' },
    prefix: false,
    totals: true,
  },
  {
    ...kimai1,
    name: '1.0 French, slashes, 01 h 50',
    columns: columns(
      'begin=De|end=À|alias=Utilisateur|customer=Client|project=Projet|activity=Activité|description=Description|exported=Exporté|tags=Mots-clés|hourlyRate=Taux horaire|fixedRate=Taux fixe|duration=Durée|rate=Taux',
    ),
    date: dmy('/'),
    duration: 'hh h mm',
    money: 'euro',
    words: { yes: 'Oui', no: 'Non', exported: 'Fermé', open: 'Ouvert' },
    prefix: false,
  },
  {
    ...kimai1,
    name: '1.2–1.8 English, seconds, totals row',
    columns: columns(
      'date=Date|begin=From|end=To|duration=Duration|rate=Rate|alias=User|customer=Customer|project=Project|activity=Activity|description=Description|exported=Exported|tags=Tags|hourlyRate=Hourly rate|fixedRate=Fixed rate',
    ),
    words: { yes: 'Yes', no: 'No', exported: 'Cleared', open: 'Open' },
    prefix: false,
    totals: true,
  },
  {
    ...kimai1,
    name: '1.15–1.30 German',
    columns: columns(germanOld),
    words: { yes: 'Ja', no: 'Nein' },
  },
  {
    ...kimai2,
    name: '2.27 German, BOM, decimal hours',
    encoding: 'utf-8-bom',
    columns: columns(german227),
    duration: 'hours',
  },
  { ...kimai2, name: '2.32 English, h:mm', columns: columns(english232), duration: 'h:mm' },
  {
    ...kimai2,
    name: '2.33–2.35 Dutch, h:mm:ss',
    columns: columns(
      'date=Datum|begin=Van|end=Aan|duration=Duur|currency=Valuta|rate=Tarief|internalRate=Intern tarief|hourlyRate=Uurtarief|fixedRate=Vast bedrag|alias=Naam|username=Gebruikersnaam|account_number=Personeelsnummer|customer=Klant|project=Project|activity=Activiteit|description=Beschrijving|billable=Factureerbaar|tags=Labels|type=Type|category=category|number=Rekening|project_number=Projectnummer|vat_id=Btw-nummer|orderNumber=Dossiernummer',
    ),
    duration: 'h:mm:ss',
  },
  {
    ...kimai2,
    name: '2.37+ default, with e-mail',
    columns: columns(english232.replace('|account_number', '|email=E-mail|account_number')),
    duration: 'h:mm',
  },
  {
    ...kimai2,
    name: '2.41+ Russian template, semicolons, id, break, exported',
    delimiter: ';',
    columns: columns(
      'id=ИД|date=Дата|begin=С|end=До|break=Перерыв|duration=Длительность|customer=Клиент|project=Проект|activity=Активность|description=Описание|exported=Экспортировано|billable=Подлежащий оплате|rate=Стоимость|currency=Валюта|username=Имя пользователя|email=Эл. почта',
    ),
    duration: 'h:mm:ss',
  },
  {
    ...kimai2,
    name: '2.27 German, saved again by a spreadsheet: ANSI, semicolons, local dates, decimal comma',
    delimiter: ';',
    encoding: 'windows-1252',
    rowEnd: '\r\n',
    date: dmy('.'),
    columns: columns(german227),
    duration: 'hours',
    money: 'comma',
  },
  {
    ...kimai2,
    name: '2.32 English, saved again as Unicode text: UTF-16, tabs, m/d/Y',
    delimiter: '\t',
    encoding: 'utf-16le',
    rowEnd: '\r\n',
    date: shortMdy,
    columns: columns(english232),
    duration: 'h:mm:ss',
  },
  {
    ...kimai2,
    name: '2.32 English, UTF-16 BE without a mark, d-m-Y',
    encoding: 'utf-16be',
    rowEnd: '\r\n',
    date: dmy('-'),
    columns: columns(english232),
    duration: 'h:mm',
  },
];
