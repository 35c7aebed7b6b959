/** Lets a connected Kimai stand in for a file. */
import { randomBytes } from 'node:crypto';
import { typedRules } from '../rows/typed-rules.ts';
import type { FileAnalysis } from '../rows/types.ts';
import type { ImportFile } from './uploads.ts';

/** There is no file. The digest is random, so that no import counts as a repeated one. */
export const kimaiFile = (name: string): ImportFile => ({
  path: '',
  name,
  size: 0,
  digest: randomBytes(32),
  temporary: false,
});

/** It has records, and no columns that somebody could map. */
export const kimaiAnalysis: FileAnalysis = {
  kind: 'timesheet',
  format: 'csv',
  encoding: null,
  delimiter: null,
  sheet: null,
  skippedRows: 0,
  columns: [],
  samples: [],
  resolution: 1,
  missing: [],
  needsMapping: false,
  headerKey: '',
  rules: typedRules,
  choices: [],
  doubts: [],
  evidence: [],
  merged: [],
  stamp: { size: 0, changedMs: 0 },
};
