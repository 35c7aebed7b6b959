import {
  shareOptions,
  type ShareOptions,
  type SharePatch,
} from '../../../../src-shared/contract/shares.ts';
import type { FormFields } from '../../../input/stored-form.svelte.ts';
import { expiresDayOf } from './expiry.ts';
import { cleanRange, draftOf, linesOf, originOf, type ShareForm } from './share-form.ts';

type Option = Exclude<keyof ShareOptions, 'projectSelection' | 'corsOrigins'>;

/**
 * The questions of the form. Each one is counted, saved and compared for itself. The projects
 * belong to the customer, so the two are one question.
 */
export type Question = 'label' | 'target' | 'expiry' | 'password' | 'corsOrigins' | Option;

const options = Object.keys(shareOptions.shape).filter(
  (key): key is Option => key !== 'projectSelection' && key !== 'corsOrigins',
);
const questions: readonly Question[] = [
  'label',
  'target',
  'password',
  'expiry',
  ...options,
  'corsOrigins',
];

const isOption = (question: Question): question is Option =>
  (options as readonly string[]).includes(question);

/** An answer in the form in which two of them can be compared as JSON. */
function answerOf(form: ShareForm, question: Question, createdDay: string): unknown {
  if (question === 'range') return cleanRange(form.options.range);
  if (isOption(question)) return form.options[question];
  switch (question) {
    case 'label':
      return form.label.trim();
    case 'target': {
      const isPicked = form.projectId === null && form.options.projectSelection === 'selected';
      const projects = isPicked ? [...form.projectIds].sort((a, b) => a - b) : 'all';
      return [form.customerId, form.projectId, projects];
    }
    case 'password':
      return form.password.kind === 'keep' ? form.hasPassword : form.password;
    case 'expiry':
      return expiresDayOf(form.expiry, createdDay) ?? form.expiry;
    case 'corsOrigins':
      return linesOf(form.corsText).map((line) => originOf(line) ?? line);
  }
}

/** `to`, with the answer of `from`. */
function copyAnswer(from: ShareForm, to: ShareForm, question: Question): ShareForm {
  if (isOption(question)) {
    return { ...to, options: { ...to.options, [question]: from.options[question] } };
  }
  switch (question) {
    case 'label':
      return { ...to, label: from.label };
    case 'target':
      return {
        ...to,
        customerId: from.customerId,
        projectId: from.projectId,
        projectIds: from.projectIds,
        options: { ...to.options, projectSelection: from.options.projectSelection },
      };
    case 'password':
      return { ...to, password: from.password, hasPassword: from.hasPassword };
    case 'expiry':
      return { ...to, expiry: from.expiry };
    case 'corsOrigins':
      return { ...to, corsText: from.corsText };
  }
}

/** `createdDay`: the owner's local day on which the share was made; an end may count from it. */
export const shareQuestions = (createdDay: () => string): FormFields<ShareForm, Question> => ({
  keys: questions,
  isSame: (a, b, question) =>
    JSON.stringify(answerOf(a, question, createdDay())) ===
    JSON.stringify(answerOf(b, question, createdDay())),
  copy: copyAnswer,
});

/**
 * What is sent to save the changed answers; everything else stays as it is stored then. The
 * password is not part of it. Null while no customer is chosen.
 */
export function patchOf(
  form: ShareForm,
  changed: readonly Question[],
  createdDay: string,
): SharePatch | null {
  const draft = draftOf(form, createdDay);
  if (draft === null) return null;
  const isChanged = (question: Question): boolean => changed.includes(question);
  const { label, customerId, projectId, projectIds, expiresDay } = draft;
  const changedOptions: NonNullable<SharePatch['options']> = Object.fromEntries(
    [
      ...options.filter(isChanged),
      ...(isChanged('corsOrigins') ? ['corsOrigins' as const] : []),
    ].map((option) => [option, draft.options[option]]),
  );
  if (isChanged('target')) changedOptions.projectSelection = draft.options.projectSelection;
  return {
    ...(isChanged('label') ? { label } : {}),
    ...(isChanged('target') ? { customerId, projectId, projectIds } : {}),
    ...(isChanged('expiry') ? { expiresDay } : {}),
    ...(Object.keys(changedOptions).length > 0 ? { options: changedOptions } : {}),
  };
}
