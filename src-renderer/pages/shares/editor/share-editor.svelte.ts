import type { Share } from '../../../../src-shared/contract/shares.ts';
import { call } from '../../../client.ts';
import { exposureLines, type Exposure } from './exposure-diff.ts';
import { dayOf, expiresDayOf } from './expiry.ts';
import { Latest } from '../latest.svelte.ts';
import type { PreviewPlace } from './preview-link.ts';
import { changedFields, draftOf, emptyForm, formOf, type ShareForm } from './share-form.ts';
import { problemsOf, type ProblemField } from './share-problems.ts';

/** Pause after the last key before the page at the right is drawn again. */
const previewDelayMs = 250;

export interface NewShare {
  /** Language of the owner's app. */
  locale: string;
  customerId: number | null;
  projectId: number | null;
}

/** One share being edited, or a new one: what is typed, what is saved, and what follows from it. */
export class ShareEditor {
  /** The saved share; null until a new one is saved. */
  share = $state.raw<Share | null>(null);
  form: ShareForm;
  place: PreviewPlace;
  /** The passphrase that the program made last, to be known by the strength meter. */
  generated = $state<string | null>(null);
  isSaving = $state(false);
  /** Whether messages of fields that are still empty are shown: from the first try to save on. */
  isChecked = $state(false);
  readonly preview = new Latest<{ html: string }>();
  readonly exposure = new Latest<Exposure>();
  readonly savedExposure = new Latest<Exposure>();
  #saved: ShareForm;

  readonly today = dayOf(Date.now());
  readonly createdDay = $derived(this.share === null ? this.today : dayOf(this.share.createdAt));
  readonly changes = $derived.by(() => changedFields(this.#saved, this.form, this.createdDay));
  readonly problems = $derived.by(() =>
    problemsOf(this.form, {
      today: this.today,
      createdDay: this.createdDay,
      savedExpiry: this.share?.expiresDay ?? null,
    }),
  );
  readonly draft = $derived.by(() => draftOf($state.snapshot(this.form), this.createdDay));
  readonly expiresDay = $derived.by(() => expiresDayOf(this.form.expiry, this.createdDay));
  readonly hasPassword = $derived.by(() => {
    const { kind } = this.form.password;
    return kind === 'set' || (kind === 'keep' && this.share !== null && this.share.hasPassword);
  });
  readonly lines = $derived.by(() => {
    const now = this.exposure.value;
    if (now === null) return null;
    const before = this.savedExposure.value;
    return exposureLines(
      { ...now, hasPassword: this.hasPassword },
      this.share === null || before === null
        ? null
        : { ...before, hasPassword: this.share.hasPassword },
    );
  });

  constructor(start: Share | NewShare) {
    const isSaved = 'path' in start;
    const form = isSaved ? formOf(start) : { ...emptyForm(start.locale), ...targetOf(start) };
    // What a new share starts with is no change: leaving it loses nothing.
    this.#saved = $state.raw(structuredClone(form));
    this.form = $state(form);
    this.place = $state({ locale: form.options.locale, details: 'table', projectId: null });
    if (isSaved) this.share = start;
  }

  /** The message of a field as key and values; null if it is fine or nobody asked yet. */
  problemOf(field: ProblemField): { code: string; params: Record<string, string | number> } | null {
    const problem = this.problems.find((p) => p.field === field);
    if (!problem) return null;
    const isEarly = problem.code.endsWith('_missing') || problem.code === 'password_empty';
    return isEarly && !this.isChecked ? null : problem;
  }

  /** Draws the preview again, with the month, language and page that are chosen in it. */
  askPreview(): void {
    const { draft } = this;
    const place = $state.snapshot(this.place);
    if (draft === null) this.preview.forget();
    else this.preview.ask(() => call('shares.preview', { draft, ...place }), previewDelayMs);
  }

  askExposure(): void {
    const { draft } = this;
    if (draft === null) this.exposure.forget();
    else this.exposure.ask(() => call('shares.exposure', { draft }), previewDelayMs);
  }

  /** What is public now, to compare with. */
  askSavedExposure(): void {
    const saved = draftOf(this.#saved, this.createdDay);
    if (this.share === null || saved === null) this.savedExposure.forget();
    else this.savedExposure.ask(() => call('shares.exposure', { draft: saved }), 0);
  }

  /** Another customer has other projects. */
  chooseTarget(customerId: number | null, projectId: number | null): void {
    if (customerId !== this.form.customerId) this.form.projectIds = [];
    this.form.customerId = customerId;
    this.form.projectId = projectId;
    this.place = { locale: this.place.locale, details: 'table', projectId: null };
  }

  async generatePassword(): Promise<void> {
    const { passphrase } = await call('shares.passphrase', {});
    this.generated = passphrase;
    this.form.password = { kind: 'set', text: passphrase };
  }

  discard(): void {
    this.form = structuredClone(this.#saved);
    this.isChecked = false;
  }

  /**
   * Saves share and password in one go. False if something in the form keeps it from being
   * saved; throws what the main side refuses.
   */
  async save(): Promise<boolean> {
    this.isChecked = true;
    const { draft } = this;
    if (this.problems.length > 0 || draft === null || this.isSaving) return false;
    const password = $state.snapshot(this.form.password);
    this.isSaving = true;
    try {
      this.share =
        this.share === null
          ? await call('shares.create', {
              ...draft,
              password: password.kind === 'set' ? password.text : null,
            })
          : await call('shares.update', {
              id: this.share.id,
              patch: draft,
              ...(password.kind === 'keep'
                ? {}
                : { password: password.kind === 'set' ? password.text : null }),
            });
    } finally {
      this.isSaving = false;
    }
    // What was typed while this was under way stays, as a change to save.
    if (JSON.stringify(this.form.password) === JSON.stringify(password)) {
      this.form.password = { kind: 'keep' };
    }
    this.#take(formOf(this.share));
    return true;
  }

  /** The share changed elsewhere: what is typed here stays, everything else follows. */
  refresh(share: Share): void {
    const isUntouched = this.changes.length === 0;
    this.share = share;
    this.#take(formOf(share));
    if (isUntouched) this.form = structuredClone(this.#saved);
  }

  #take(saved: ShareForm): void {
    this.#saved = saved;
    this.isChecked = false;
    this.askSavedExposure();
  }
}

const targetOf = ({ customerId, projectId }: NewShare): Partial<ShareForm> => ({
  customerId,
  projectId,
});
