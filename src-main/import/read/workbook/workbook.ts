/**
 * Opening an XLSX workbook. Its sheets are read as streams, in bounded memory; only the list of
 * shared strings is kept (docs/adr/120-own-workbook-reader.md).
 */
import { AppError } from '../../../../src-shared/errors.ts';
import type { ByteSource } from '../byte-source.ts';
import { Archive, asWorkbookError } from './archive.ts';
import type { NumberFormat } from './number-format.ts';
import { MergedRanges } from './merged-cells.ts';
import type { MergedRange } from '../../rows/types.ts';
import { readSharedStrings } from './shared-strings.ts';
import { sheetRows } from './sheet-rows.ts';
import type { SheetRow } from './sheet-rows.ts';
import { readFormats } from './styles.ts';
import { attribute, isOn, readXml } from './xml.ts';

export interface SheetName {
  name: string;
  hidden: boolean;
}

interface SheetPart extends SheetName {
  part: string;
}

export interface Workbook {
  /** In the order in which the spreadsheet shows them. */
  sheets: readonly SheetName[];
  /** Serial dates count from 1904 instead of 1900. */
  date1904: boolean;
  /** The rows of a sheet, in order, several at a time. */
  rows(sheet: number): AsyncGenerator<SheetRow[]>;
  /** The cells of a sheet that are joined downwards. They are named behind its rows. */
  merged(sheet: number): Promise<MergedRange[]>;
  /** Bytes of the file that were read so far, about. */
  bytesRead(): number;
}

/** More sheets than anybody has; the others are not looked at. */
const maxSheets = 1000;

/**
 * Opens a workbook. Throws `file_too_large` above the limits, whatever the archive claims,
 * `file_spreadsheet_kind` for the files of other spreadsheet programs, and
 * `file_workbook_unreadable` for what is no workbook.
 */
export async function openWorkbook(source: ByteSource): Promise<Workbook> {
  const archive = await Archive.open(source);
  refuseOtherKinds(archive);
  const main = await mainPart(archive);
  const relations = await readRelations(archive, main);
  const { sheets, date1904 } = await readSheets(archive, main, relations);
  const first = (type: string): string | undefined =>
    [...relations.values()].find((relation) => relation.type === type)?.part;
  const sheetAt = (index: number): SheetPart => {
    const sheet = sheets[index];
    if (!sheet) throw new AppError('file_workbook_unreadable');
    return sheet;
  };
  let context: { strings: string[]; formats: NumberFormat[] } | null = null;
  return {
    sheets,
    date1904,
    bytesRead: () => Math.min(Math.floor(archive.packedBytesRead), source.size),
    async merged(index) {
      const ranges = new MergedRanges();
      await readXml(archive.read(sheetAt(index).part), ranges);
      return ranges.all;
    },
    async *rows(index) {
      const sheet = sheetAt(index);
      const stringsPart = first('sharedStrings');
      const stylesPart = first('styles');
      context ??= {
        strings:
          stringsPart && archive.has(stringsPart)
            ? await readSharedStrings(archive.read(stringsPart))
            : [],
        formats:
          stylesPart && archive.has(stylesPart) ? await readFormats(archive.read(stylesPart)) : [],
      };
      try {
        yield* sheetRows(archive.read(sheet.part), context);
      } catch (cause) {
        throw asWorkbookError(cause);
      }
    },
  };
}

/** Archives of other programs, which have to be saved as XLSX first. */
function refuseOtherKinds(archive: Archive): void {
  const refuse = (kind: string): never => {
    throw new AppError('file_spreadsheet_kind', { kind });
  };
  if (archive.has('xl/workbook.bin')) refuse('XLSB');
  if (archive.has('Index/Document.iwa') || archive.has('Index.zip')) refuse('Numbers');
  if (archive.has('mimetype') && archive.has('content.xml')) refuse('ODS');
}

interface Relation {
  /** The end of the relation's type, `worksheet`. */
  type: string;
  part: string;
}

/** The parts that a part refers to, by their ids. */
async function readRelations(archive: Archive, part: string): Promise<Map<string, Relation>> {
  const at = part.lastIndexOf('/') + 1;
  const folder = part.slice(0, at);
  const relations = new Map<string, Relation>();
  await readXml(archive.read(`${folder}_rels/${part.slice(at)}.rels`), {
    open(name, { Id: id, Type: type, Target: target, TargetMode: mode }) {
      if (name !== 'Relationship' || mode === 'External') return;
      if (id === undefined || type === undefined || target === undefined) return;
      relations.set(id, {
        type: type.slice(type.lastIndexOf('/') + 1),
        part: resolvePart(folder, target),
      });
    },
  });
  return relations;
}

/** A target is a path from the part's folder, or from the archive's root. */
function resolvePart(folder: string, target: string): string {
  const path: string[] = [];
  for (const step of (target.startsWith('/') ? target : `${folder}${target}`).split('/')) {
    if (step === '..') path.pop();
    else if (step !== '' && step !== '.') path.push(step);
  }
  return path.join('/');
}

async function mainPart(archive: Archive): Promise<string> {
  const root = await readRelations(archive, '');
  const main = [...root.values()].find(({ type }) => type === 'officeDocument');
  if (!main) throw new AppError('file_workbook_unreadable');
  return main.part;
}

async function readSheets(
  archive: Archive,
  main: string,
  relations: ReadonlyMap<string, Relation>,
): Promise<{ sheets: SheetPart[]; date1904: boolean }> {
  const sheets: SheetPart[] = [];
  let date1904 = false;
  await readXml(archive.read(main), {
    open(name, attributes) {
      if (name === 'workbookPr') date1904 = isOn(attributes.date1904);
      if (name !== 'sheet') return;
      const relation = relations.get(attribute(attributes, 'id') ?? '');
      // Sheets that are charts or macros have no rows.
      if (relation?.type !== 'worksheet' || sheets.length >= maxSheets) return;
      const hidden = attributes.state === 'hidden' || attributes.state === 'veryHidden';
      sheets.push({ name: attributes.name ?? '', hidden, part: relation.part });
    },
  });
  if (sheets.length === 0) throw new AppError('file_workbook_unreadable');
  return { sheets, date1904 };
}
