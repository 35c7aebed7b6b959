/** A question as the keys of its texts and what fills them, so that it follows a changed language. */
export interface Question {
  title: string;
  text: string;
  /** The verb of what will happen: "Delete", not "OK". */
  confirmLabel: string;
  values: Record<string, string | number>;
  danger: boolean;
}

let question = $state.raw<Question | null>(null);
let settle: ((confirmed: boolean) => void) | undefined;

export const confirmation = {
  get question(): Question | null {
    return question;
  },
};

/** Asks before something that cannot be taken back. Resolves to the owner's answer. */
export function confirm(
  next: Pick<Question, 'title' | 'text' | 'confirmLabel'> & Partial<Question>,
): Promise<boolean> {
  settle?.(false);
  question = { values: {}, danger: false, ...next };
  return new Promise((resolve) => (settle = resolve));
}

/** The owner's answer; closing the dialog is a no. */
export function answer(confirmed: boolean): void {
  const resolve = settle;
  settle = undefined;
  question = null;
  resolve?.(confirmed);
}
