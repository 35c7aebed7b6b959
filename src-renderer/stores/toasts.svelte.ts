import { call, toClientError } from '../client.ts';
import { text } from '../i18n.ts';

export interface Toast {
  id: number;
  kind: 'done' | 'failed';
  text: string;
  action: { label: string; run: () => void } | null;
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

/** Says what happened, in a translated text, with one thing to do about it at most. */
export function showToast(
  message: string,
  action: Toast['action'] = null,
  kind: Toast['kind'] = 'done',
): void {
  const id = ++lastId;
  toasts = [...toasts.slice(-2), { id, kind, text: message, action }];
  resumeToast(id);
}

/** Says what was done and offers to take it back. */
export function showUndo(message: string, undo: () => Promise<unknown>): void {
  showToast(message, {
    label: text('common.undo'),
    run: () => {
      undo().then(() => showToast(text('common.undone')), showFailure);
    },
  });
}

/** Offers to take back an edit that answered with an `undoId`. */
export function showUndoStep(message: string, undoId: number): void {
  showUndo(message, () => call('changes.undo', { undoId }));
}

/** Says why something failed, for failures that have no place of their own on the page. */
export function showFailure(thrown: unknown): void {
  const { code, params } = toClientError(thrown);
  showToast(text(`error.${code}`, params), null, 'failed');
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
