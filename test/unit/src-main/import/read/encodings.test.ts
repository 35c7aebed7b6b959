/** Encodings where only a part of the file tells, and characters that a part of it cuts in two. */
import { describe, expect, it } from 'vitest';
import type { FileAnalysis } from '../../../../../src-main/import/rows/types.ts';
import { analyseFile } from '../../../../../src-main/import/read/read-file.ts';
import { encode, legacy, texts } from './legacy-text.ts';
import { csv, failure, HEADER, readAs, readWhole, row } from './support.ts';

/** More than two of the parts in which a file is read. */
const many = (cells: Parameters<typeof row>[0] = {}): string[] =>
  Array.from({ length: 2500 }, () => row(cells));

const encoded: Record<string, [FileAnalysis['encoding'], (text: string) => Buffer]> = {
  'UTF-8 with a mark': ['utf-8', (text) => Buffer.from(`\ufeff${text}`)],
  'UTF-16 LE with a mark': ['utf-16le', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  'UTF-16 LE without a mark': ['utf-16le', (text) => Buffer.from(text, 'utf16le')],
  'UTF-16 BE with a mark': ['utf-16be', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  'UTF-16 BE without a mark': ['utf-16be', (text) => Buffer.from(text, 'utf16le').swap16()],
};

describe.each(Object.entries(encoded))('%s', (_, [encoding, encode]) => {
  it('is known, and a quoted first header is one', async () => {
    const text = csv(HEADER.replace('Date', '"Date"'), row({ customer: 'Söhne 日本' })).toString();
    const { analysis, records } = await readWhole(encode(text));
    expect(analysis).toMatchObject({ encoding, needsMapping: false });
    expect(records).toMatchObject([{ day: 20260331, customer: 'Söhne 日本', line: 2 }]);
  });

  it('is read in parts that end within a character', async () => {
    // Parts grow with an open row, so that they have odd lengths as well.
    const description = `${'aé🙂'.repeat(20_000)}x`;
    const rows = [row({ description }), row({ description: `${description}y` }), row()];
    const { records } = await readWhole(encode(csv(HEADER, ...rows).toString()));
    expect(records.map((one) => one.description)).toEqual([description, `${description}y`, 'text']);
  });
});

describe('encodings before Unicode', () => {
  /** A few words of one language: what several encodings read as well is asked. */
  const file = (encoding: string): [string[], Buffer] => {
    const words = texts[legacy[encoding]!].filter((text) => encode(text, encoding) !== null);
    const rows = words.map((description) => row({ description: `"${description}"` }));
    return [words, encode(csv(HEADER, ...rows).toString(), encoding)!];
  };

  it.each(Object.keys(legacy))(
    '%s is read rightly, or asked about with samples',
    async (encoding) => {
      const [words, bytes] = file(encoding);
      expect(words.length).toBeGreaterThan(2);
      let analysis = await analyseFile(bytes);
      if (analysis.needsMapping) {
        const { options, chosen } = analysis.choices.find(({ about }) => about === 'encoding')!;
        expect(chosen).toBeNull();
        const right = options.find(({ samples }) => samples.join() === words.slice(0, 3).join());
        expect(right).toBeDefined();
        analysis = await analyseFile(bytes, { choices: { encoding: right!.value } });
      }
      const { records } = await readAs(bytes, analysis);
      // Windows-1258 writes tones apart from their letters.
      const read = records.map(({ description }) => description.normalize('NFC'));
      expect(read).toEqual(words.map((text) => text.normalize('NFC')));
    },
  );

  it('few are asked about', async () => {
    const asked: string[] = [];
    for (const encoding of Object.keys(legacy)) {
      if ((await analyseFile(file(encoding)[1])).needsMapping) asked.push(encoding);
    }
    expect(asked).toEqual([
      ...['macintosh', 'iso-8859-15', 'windows-1254', 'windows-1257', 'iso-8859-13'],
      ...['iso-8859-4', 'iso-8859-10', 'gb18030', 'euc-jp'],
    ]);
  });
});

it('a foreign letter after megabytes is asked about with its row, if it tells too little', async () => {
  const late = [...many(), ...many(), row({ customer: 'Caf\u00e9' })];
  const bytes = Buffer.from(`${[HEADER, ...late].join('\n')}\n`, 'latin1');
  const analysis = await analyseFile(bytes);
  const [choice] = analysis.choices;
  expect(choice).toMatchObject({ about: 'encoding' });
  const wanted = choice!.options.find(({ value }) => value === 'windows-1252');
  expect(wanted?.samples).toEqual([expect.stringContaining('Café')]);
  const chosen = await analyseFile(bytes, { choices: { encoding: 'windows-1252' } });
  const { records } = await readAs(bytes, chosen);
  expect(records.at(-1)).toMatchObject({ customer: 'Café' });
});

it('a mark is believed where most letters are not Latin', async () => {
  for (const name of ['UTF-16 LE with a mark', 'UTF-16 BE with a mark']) {
    const [encoding, encode] = encoded[name]!;
    const description = '日本語の説明文'.repeat(100);
    const { analysis, records } = await readWhole(
      encode(csv(HEADER, row({ description }), row({ description })).toString()),
    );
    expect(analysis.encoding).toBe(encoding);
    expect(records.map((one) => one.description)).toEqual([description, description]);
  }
});

describe('Windows-1252', () => {
  const ansi = (...lines: string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`, 'latin1');

  it('that shows late stays it to the end, and each row is there once', async () => {
    const late = ansi(HEADER, ...many(), ...many(), ...many({ customer: 'Söhne' }), ...many());
    const { records, problems } = await readWhole(late);
    expect(problems).toEqual([]);
    expect(records.map(({ line }) => line)).toEqual(
      Array.from({ length: 10_000 }, (_, index) => index + 2),
    );
    expect(records.filter(({ customer }) => customer === 'Söhne')).toHaveLength(2500);
  });

  it('is not taken for granted where signs stand in the middle of words', async () => {
    // Polish in ISO-8859-2 below a Portuguese header: `£ód¼ ¯ó³w` in Windows-1252.
    const header = HEADER.replace('From', 'Início')
      .replace('To', 'Até')
      .replace('Duration', 'Duração')
      .replace('Price', 'Preço')
      .replace('User', 'Usuário')
      .replace('Description', 'Descrição');
    const name = String.fromCharCode(...[0xa3, 0xf3, 0x64, 0xbc, 0x20, 0xaf, 0xf3, 0xb3, 0x77]);
    const { choices } = await analyseFile(ansi(header, row({ customer: name })));
    const open = choices.find(({ about }) => about === 'encoding');
    if (open?.chosen !== 'iso-8859-2') expect(open?.chosen).toBeNull();
  });

  it('is not what a file is that was UTF-8 before: it is damaged', async () => {
    const bytes = Buffer.concat([
      csv(HEADER, row({ customer: 'Söhne' }), ...many(), ...many()),
      ansi(row({ customer: 'Söhne' })),
    ]);
    expect(await failure(readWhole(bytes))).toEqual(['file_encoding', {}]);
  });
});
