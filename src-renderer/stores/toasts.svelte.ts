import { call, toClientError } from '../client.ts';

type Values = Record<string, string | number>;

/** A message as the key of its text and what fills it, so that it follows a changed language. */
export interface Toast {
  id: number;
  kind: 'done' | 'failed';
  key: string;
  values: Values;
  /** One thing to do about it; `key`: the text of its button. */
  action: { key: string; run: () => void } | null;
  /** Closes it; nothing shows this. */
  timer?: ReturnType<typeof setTimeout>;
}

/** How long a message stays; one with a way back stays longer. Pointing at it keeps it. */
const shownMs = { plain: 5_000, withAction: 12_000 };

let toasts = $state.raw<readonly Toast[]>([]);
let lastId = 0;

export const toastList = {
  get all(): readonly Toast[] {
    return toasts;
  },
};

function show(toast: Omit<Toast, 'id'>): void {
  const id = ++lastId;
  toasts = [...toasts.slice(-2), { ...toast, id }];
  resumeToast(id);
}

/** Says what happened: the text of `key`, filled with `values`. */
export function showToast(key: string, values: Values = {}): void {
  show({ kind: 'done', key, values, action: null });
}

/** Says what did not work. */
export function showProblem(key: string, values: Values = {}): void {
  show({ kind: 'failed', key, values, action: null });
}

/** Says what was done and offers to take it back. */
export function showUndo(key: string, values: Values, undo: () => Promise<unknown>): void {
  const run = (): void => {
    undo().then(() => showToast('common.undone'), showFailure);
  };
  show({ kind: 'done', key, values, action: { key: 'common.undo', run } });
}

/** Offers to take back an edit that answered with an `undoId`. */
export function showUndoStep(key: string, values: Values, undoId: number): void {
  showUndo(key, values, () => call('changes.undo', { undoId }));
}

/** Says why something failed, for failures that have no place of their own on the page. */
export function showFailure(thrown: unknown): void {
  const { code, params } = toClientError(thrown);
  showProblem(`error.${code}`, params);
}

export function closeToast(id: number): void {
  holdToast(id);
  toasts = toasts.filter((toast) => toast.id !== id);
}

/** Keeps a message while somebody reads it. */
export function holdToast(id: number): void {
  clearTimeout(toasts.find((toast) => toast.id === id)?.timer);
}

export function resumeToast(id: number): void {
  const toast = toasts.find((one) => one.id === id);
  if (!toast) return;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => closeToast(id), toast.action ? shownMs.withAction : shownMs.plain);
}
