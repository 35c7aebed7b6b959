import { describe, expect, it } from 'vitest';
import {
  columnIndexes,
  missingNeed,
} from '../../../../../src-main/import/read/analysis/columns.ts';
import {
  missingColumns,
  repeatedColumns,
} from '../../../../../src-renderer/pages/imports/columns.ts';
import type { ColumnMapping, ColumnName } from '../../../../../src-shared/contract/import-words.ts';

describe('mapping by hand', () => {
  it('finds columns chosen twice; unknown and ignored ones may repeat', () => {
    const columns: ColumnName[] = [
      'date',
      'unknown',
      'unknown',
      'ignored',
      'ignored',
      'date',
      'project',
    ];
    expect(repeatedColumns(columns.map((column) => ({ column })))).toEqual(['date']);
  });

  it.each([
    [['date', 'duration', 'customer', 'project'], []],
    [['date', 'begin', 'end', 'customer', 'project'], []],
    [['begin', 'end', 'customer', 'project'], []],
    [
      ['date', 'begin', 'project'],
      ['duration', 'customer'],
    ],
    [
      ['end', 'unknown'],
      ['date', 'duration', 'customer', 'project'],
    ],
  ])('of %j needs %j still, as reading does', (columns, missing) => {
    const mapped = columns.map(
      (column, index) => ({ index, header: column, column }) as ColumnMapping,
    );
    expect(missingColumns(mapped)).toEqual(missing);
    const asked = missingNeed(columnIndexes(mapped));
    expect(missing.length > 0 ? missing : [null]).toContain(asked);
  });
});
