import type { Random } from './random.ts';

/** A line of the table at the end. */
export interface Row {
  what: string;
  /** How often it was to be tried, and was. */
  wanted: number;
  tried: number;
  /** What was not survived, one text for each. */
  failures: string[];
}

export interface PartInput {
  /** An empty folder that is removed afterwards. */
  folder: string;
  random: Random;
  /** The part's time is over: it ends with what it has. */
  isOver(): boolean;
  /** How long the part has, ms. */
  timeMs: number;
}

export type Part = (input: PartInput) => Promise<Row[]>;
