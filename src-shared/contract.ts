/**
 * The admin API: method name → kind, permission, input and output schema. Both transports, the
 * router, the client and the command line are derived from this one object.
 */
import type { z } from 'zod';
import { alwaysOnMethods } from './contract/always-on.ts';
import { appMethods } from './contract/app.ts';
import { backupMethods } from './contract/backups.ts';
import { catalogMethods } from './contract/catalog.ts';
import { desktopMethods } from './contract/desktop.ts';
import { diagnosticsMethods } from './contract/diagnostics.ts';
import { importMethods } from './contract/imports.ts';
import { overviewMethods } from './contract/overview.ts';
import { publishMethods } from './contract/publish.ts';
import { sampleMethods } from './contract/sample.ts';
import { shareMethods } from './contract/shares.ts';
import { syncMethods } from './contract/sync.ts';
import { watchMethods } from './contract/watch.ts';
import type { WireError } from './errors.ts';

export const contract = {
  ...alwaysOnMethods,
  ...appMethods,
  ...backupMethods,
  ...catalogMethods,
  ...importMethods,
  ...overviewMethods,
  ...publishMethods,
  ...sampleMethods,
  ...shareMethods,
  ...syncMethods,
  ...watchMethods,
  ...desktopMethods,
  ...diagnosticsMethods,
};

export type Contract = typeof contract;
export type MethodName = keyof Contract;
/** What a caller may leave out is optional here (defaults not yet applied). */
export type Input<M extends MethodName> = z.input<Contract[M]['input']>;
/** What a handler gets: defaults applied. */
export type ParsedInput<M extends MethodName> = z.output<Contract[M]['input']>;
export type Output<M extends MethodName> = z.output<Contract[M]['output']>;

export const isMethodName = (name: unknown): name is MethodName =>
  typeof name === 'string' && Object.hasOwn(contract, name);

/** What a transport carries, there and back. */
export interface Request {
  method: string;
  input: unknown;
}
export type Reply = { ok: true; value: unknown } | { ok: false; error: WireError };

/** What changed, so that the renderer's stores fetch again. */
export const topics = [
  'alwaysOn',
  'catalog',
  'imports',
  'jobs',
  'shares',
  'views',
  'publish',
  'session',
  'settings',
  'watch',
  'backups',
  'sync',
] as const;
export type Topic = (typeof topics)[number];
