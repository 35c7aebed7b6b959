import {
  shareOptions,
  type Share,
  type ShareDraft,
  type ShareOptions,
} from '../../../../src-shared/contract/shares.ts';
import { expiresDayOf, expiryOf, type Expiry } from './expiry.ts';

/** What happens to the password with the next save. */
export type PasswordChange =
  | { kind: 'keep' }
  | { kind: 'remove' }
  /** `isShortConfirmed`: the owner wants it although it is short. */
  | { kind: 'set'; text: string; isShortConfirmed?: boolean };

/** A share as the editor holds it: what is typed, complete or not. */
export interface ShareForm {
  label: string;
  /** Null until one is chosen. */
  customerId: number | null;
  /** Null: the whole customer. */
  projectId: number | null;
  projectIds: number[];
  options: ShareOptions;
  /** One origin per line, as typed; what of it is valid goes into the options. */
  corsText: string;
  expiry: Expiry;
  password: PasswordChange;
  /** Whether the share is stored with a password. */
  hasPassword: boolean;
}

/** A new share with the contract's defaults; `locale` is the language of the owner's app. */
export function emptyForm(locale: string): ShareForm {
  return {
    label: '',
    customerId: null,
    projectId: null,
    projectIds: [],
    options: { ...shareOptions.parse({}), locale },
    corsText: '',
    expiry: { kind: 'never' },
    password: { kind: 'keep' },
    hasPassword: false,
  };
}

export function formOf(share: Share): ShareForm {
  return {
    label: share.label,
    customerId: share.customerId,
    projectId: share.projectId,
    projectIds: [...share.projectIds],
    options: structuredClone(share.options),
    corsText: share.options.corsOrigins.join('\n'),
    expiry: expiryOf(share.expiresDay),
    password: { kind: 'keep' },
    hasPassword: share.hasPassword,
  };
}

/**
 * The options of a share, as those of another one would be: without what belongs to its client,
 * which are its picked projects, its language and the websites that may read its data.
 */
export const optionsLike = (own: ShareOptions, other: ShareOptions): ShareOptions => ({
  ...structuredClone(other),
  projectSelection: own.projectSelection,
  locale: own.locale,
  corsOrigins: own.corsOrigins,
});

/** Lines that are not empty. */
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** `https://host` in the form browsers send it; null if it is not an http(s) origin. */
export function originOf(text: string): string | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isBare = url.pathname === '/' && url.search === '' && url.hash === '' && !url.username;
  return isBare && !/[/?#]./.test(text.slice(8)) ? url.origin : null;
}

export function readOrigins(text: string): { origins: string[]; invalid: string[] } {
  const origins = new Set<string>();
  const invalid: string[] = [];
  for (const line of linesOf(text)) {
    const origin = originOf(line);
    if (origin === null) invalid.push(line);
    else origins.add(origin);
  }
  return { origins: [...origins], invalid };
}

/**
 * What is sent for preview, exposure and saving; null while no customer is chosen. An answer that
 * is not complete yet is left out: `problemsOf` keeps such a form from being saved. A project share
 * has no hand-picked projects.
 */
export function draftOf(form: ShareForm, createdDay: string): ShareDraft | null {
  if (form.customerId === null) return null;
  const isPicked = form.projectId === null && form.options.projectSelection === 'selected';
  return {
    label: form.label.trim(),
    customerId: form.customerId,
    projectId: form.projectId,
    projectIds: isPicked ? [...form.projectIds].sort((a, b) => a - b) : [],
    options: {
      ...form.options,
      projectSelection: isPicked ? 'selected' : 'all',
      range: cleanRange(form.options.range),
      corsOrigins: readOrigins(form.corsText).origins,
    },
    expiresDay: expiresDayOf(form.expiry, createdDay) ?? null,
  };
}

/** Two empty days are no range. */
export function cleanRange(range: ShareOptions['range']): ShareOptions['range'] {
  const isOpen = range.kind === 'fixed' && range.firstDay === null && range.lastDay === null;
  return isOpen ? { kind: 'all' } : { ...range };
}
