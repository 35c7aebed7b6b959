import type { ErrorCode } from '../../../src-shared/errors.ts';
import type { Input, Output } from '../../../src-shared/contract.ts';
import { normalPublicUrl } from '../../../src-shared/domain/public-url.ts';
import type { FormFields } from '../../input/stored-form.svelte.ts';

export type PublishStatus = Output<'publish.status'>;

/** The publishing page as typed; being on or off is a switch of its own and takes effect at once. */
export interface PublishForm {
  reach: PublishStatus['reach'];
  /** Null while the field is empty. */
  port: number | null;
  publicUrl: string;
  trustedHeader: string;
}

export type PublishField = keyof PublishForm;

export const formOf = ({ reach, port, publicUrl, trustedHeader }: PublishStatus): PublishForm => ({
  reach,
  port,
  publicUrl,
  trustedHeader,
});

export const publishFields: FormFields<PublishForm, PublishField> = {
  keys: ['reach', 'port', 'publicUrl', 'trustedHeader'],
  isSame: (a, b, key) => cleaned(a)[key] === cleaned(b)[key],
  copy: (from, to, key) => ({ ...to, [key]: from[key] }),
};

/** Field → key under `publish.problem`, for what keeps the form from being saved. */
export function problemsOf(form: PublishForm): Partial<Record<PublishField, string>> {
  const problems: Partial<Record<PublishField, string>> = {};
  const { port, publicUrl, trustedHeader } = cleaned(form);
  if (port === null || !Number.isInteger(port) || port < 1 || port > 65_535) {
    problems.port = 'port';
  }
  if (publicUrl !== '' && normalPublicUrl(publicUrl) === null) problems.publicUrl = 'public_url';
  if (!/^[A-Za-z0-9-]{0,60}$/.test(trustedHeader)) problems.trustedHeader = 'trusted_header';
  return problems;
}

/** What is sent: the changed fields only. Call it for a form without problems. */
export function patchOf(form: PublishForm, changed: readonly PublishField[]): Input<'publish.set'> {
  const values = cleaned(form);
  return Object.fromEntries(changed.map((key) => [key, values[key]])) as Input<'publish.set'>;
}

/** Spaces around texts and a slash at the end of an address mean nothing. */
function cleaned(form: PublishForm): PublishForm {
  return {
    ...form,
    publicUrl: form.publicUrl.trim().replace(/(?<!\/)\/+$/, ''),
    trustedHeader: form.trustedHeader.trim(),
  };
}

/** Kinds of failure for which the page knows what to do; texts under `publish.advice`. */
const advised = ['port_in_use', 'port_forbidden', 'address_unavailable', 'listen_failed'] as const;
export type Advice = (typeof advised)[number];

export const adviceOf = (code: ErrorCode): Advice =>
  advised.find((known) => known === code) ?? 'listen_failed';

/** Headers that tunnels and proxies commonly set; any other name can be typed. */
export const knownHeaders: readonly string[] = ['X-Forwarded-For', 'X-Real-IP', 'CF-Connecting-IP'];

/** Another port to try: the next one, above those that need special rights. */
export const suggestPort = (port: number): number =>
  port < 1024 || port >= 65_535 ? 8723 : port + 1;
