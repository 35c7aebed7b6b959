/** The number formats of a workbook's cells. */
import { builtInCode, parseFormat } from './number-format.ts';
import type { NumberFormat } from './number-format.ts';
import { readXml } from './xml.ts';

/** Spreadsheets end at 65 490 styles. */
const maxStyles = 70_000;

/** The format of each style, by the number that cells name. */
export async function readFormats(chunks: AsyncIterable<Buffer>): Promise<NumberFormat[]> {
  const codes = new Map<number, string>();
  const ids: number[] = [];
  let inCellStyles = false;
  await readXml(chunks, {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
      else if (name === 'cellXfs') inCellStyles = true;
      else if (name === 'xf' && inCellStyles && ids.length < maxStyles) {
        ids.push(Number(attributes.numFmtId ?? 0));
      }
    },
    close(name) {
      if (name === 'cellXfs') inCellStyles = false;
    },
  });
  const formats = new Map<number, NumberFormat>();
  return ids.map((id) => {
    const format = formats.get(id) ?? parseFormat(codes.get(id) ?? builtInCode(id));
    formats.set(id, format);
    return format;
  });
}
