import { z } from 'zod';
import { normalPassword } from '../domain/password.ts';
import { errorCodes } from '../errors.ts';

export const none = z.strictObject({});
/** An opaque name of a file, folder or job: the renderer never names a path. */
export const token = z.string().min(1).max(64);
/** Row id of the local store. */
export const id = z.int().positive();
/** `YYYY-MM-DD`, the record's own date. */
export const day = z.iso.date();
/** Milliseconds since 1970 UTC. */
export const moment = z.int();
/** Ten-thousandths of the currency's unit. */
export const amountE4 = z.int();
export const seconds = z.int();
/** ISO 4217. */
export const currency = z.string().regex(/^[A-Z]{3}$/);
export const color = z.string().regex(/^#[0-9a-fA-F]{6}$/);
/** A password that is to be set. Longer ones than `maxPasswordBytes` are refused by the main side. */
export const newPassword = z
  .string()
  .max(1024)
  .refine((text) => normalPassword(text) !== '');
export const budgetType = z.enum(['month']).nullable();
/** An edit that `changes.undo` can take back. */
export const undoable = z.strictObject({ undoId: id });
/** Why something failed; its text is `error.<code>`, filled with `params`. */
export const failure = z.strictObject({
  code: z.enum(errorCodes),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export const page = {
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(500).default(100),
};
