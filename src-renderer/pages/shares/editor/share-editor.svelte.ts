import type { Share, ShareDraft, ShareOptions } from '../../../../src-shared/contract/shares.ts';
import { call } from '../../../client.ts';
import { exposureLines, type Exposure } from './exposure-diff.ts';
import { dayOf, expiresDayOf } from './expiry.ts';
import { StoredForm } from '../../../input/stored-form.svelte.ts';
import { Latest } from '../../../stores/latest.svelte.ts';
import type { PreviewPlace } from './preview-link.ts';
import {
  draftOf,
  emptyForm,
  formOf,
  optionsLike,
  type PasswordChange,
  type ShareForm,
} from './share-form.ts';
import { problemsOf, type ProblemField } from './share-problems.ts';
import { patchOf, shareQuestions, type Question } from './share-questions.ts';

/** Pause after the last key before the page at the right is drawn again. */
const previewDelayMs = 250;

/** Problems of a password that is still being typed. */
const earlyCodes = ['password_empty', 'password_short'];

export interface NewShare {
  /** Language of the owner's app. */
  locale: string;
  customerId: number | null;
  projectId: number | null;
  /** A share whose options the new one takes. */
  like?: Share;
}

/** One share being edited, or a new one: what is typed, what is saved, and what follows from it. */
export class ShareEditor {
  /** The saved share; null until a new one is saved. */
  share = $state.raw<Share | null>(null);
  readonly stored: StoredForm<ShareForm, Question>;
  place: PreviewPlace;
  /** The passphrase that the program made last, to be known by the strength meter. */
  generated = $state<string | null>(null);
  isSaving = $state(false);
  /** Whether messages of fields that are still empty are shown: from the first try to save on. */
  isChecked = $state(false);
  readonly preview = new Latest<{ html: string }>();
  readonly exposure = new Latest<Exposure>();
  readonly savedExposure = new Latest<Exposure>();

  /** What was heard of the share while it was being saved. */
  #late: Share | null = null;

  readonly today = dayOf(Date.now());
  readonly createdDay = $derived(this.share === null ? this.today : dayOf(this.share.createdAt));
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
    const form = isSaved ? formOf(start) : newForm(start);
    // What a new share starts with is no change: leaving it loses nothing.
    this.stored = new StoredForm(
      form,
      shareQuestions(() => this.createdDay),
    );
    this.place = $state({ locale: form.options.locale, details: 'table', projectId: null });
    if (isSaved) this.share = start;
  }

  get form(): ShareForm {
    return this.stored.form;
  }

  get changes(): readonly Question[] {
    return this.stored.changed;
  }

  /**
   * Keeps preview and exposure up to date with what is typed. Call it while a component is set up:
   * it ends with that component.
   */
  watch(): void {
    $effect(() => {
      void this.draft;
      void JSON.stringify(this.place);
      this.askPreview();
    });
    $effect(() => {
      void this.draft;
      this.askExposure();
    });
    $effect(() => this.#askSavedExposure());
  }

  /** The message of a field as key and values; null if it is fine or nobody asked yet. */
  problemOf(field: ProblemField): { code: string; params: Record<string, string | number> } | null {
    const problem = this.problems.find((p) => p.field === field);
    if (!problem) return null;
    const isEarly = problem.code.endsWith('_missing') || earlyCodes.includes(problem.code);
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
  #askSavedExposure(): void {
    const saved = draftOf(this.stored.saved, this.createdDay);
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

  /** Takes the options of another share; answers what undoes it. */
  takeOptions(other: ShareOptions): () => void {
    const before = $state.snapshot(this.form.options);
    this.form.options = optionsLike(before, other);
    return () => (this.form.options = before);
  }

  async generatePassword(): Promise<void> {
    const { passphrase } = await call('shares.passphrase', {});
    this.generated = passphrase;
    this.form.password = { kind: 'set', text: passphrase };
  }

  discard(): void {
    this.stored.discard();
    this.isChecked = false;
  }

  /**
   * Saves what was changed, share and password in one go. False if something in the form keeps it
   * from being saved, or if a conflict is not decided yet; throws what the main side refuses.
   */
  async save(): Promise<boolean> {
    this.isChecked = true;
    const { draft } = this;
    if (draft === null || this.problems.length > 0 || this.stored.conflicts.length > 0)
      return false;
    if (this.isSaving) return false;
    const sent = this.stored.snapshot();
    this.isSaving = true;
    try {
      this.share = await (this.share === null
        ? this.#create(draft, sent)
        : this.#update(this.share.id, sent));
    } finally {
      this.isSaving = false;
    }
    this.isChecked = false;
    this.#followSaved(this.share, sent);
    return true;
  }

  /** What was typed while `sent` was being saved stays, as a change to save. */
  #followSaved(share: Share, sent: ShareForm): void {
    const { hasPassword } = share;
    const isSamePassword = JSON.stringify(this.form.password) === JSON.stringify(sent.password);
    if (isSamePassword) this.form.password = { kind: 'keep' };
    this.form.hasPassword = hasPassword;
    this.stored.follow(formOf(share), { ...sent, password: { kind: 'keep' }, hasPassword });
    const late = this.#late;
    this.#late = null;
    if (late !== null && late.changedAt > share.changedAt) this.refresh(late);
  }

  #create(draft: ShareDraft, { password }: ShareForm): Promise<Share> {
    return call('shares.create', {
      ...draft,
      ...passwordOf(password),
    });
  }

  #update(id: number, sent: ShareForm): Promise<Share> {
    const { password } = sent;
    return call('shares.update', {
      id,
      patch: patchOf(sent, this.changes, this.createdDay) ?? {},
      ...passwordOf(password),
    });
  }

  /** The share was changed elsewhere, or here: what is not being edited follows. */
  refresh(share: Share): void {
    if (this.isSaving) {
      this.#late = share;
      return;
    }
    this.share = share;
    this.stored.follow(formOf(share));
  }
}

/** What is sent of the password; nothing if it stays as it is. */
function passwordOf(change: PasswordChange): {
  password?: string | null;
  confirmShortPassword?: boolean;
} {
  if (change.kind === 'keep') return {};
  if (change.kind === 'remove') return { password: null };
  const { text, isShortConfirmed = false } = change;
  return { password: text, ...(isShortConfirmed ? { confirmShortPassword: true } : {}) };
}

function newForm({ locale, customerId, projectId, like }: NewShare): ShareForm {
  const form = { ...emptyForm(locale), customerId, projectId };
  return like ? { ...form, options: optionsLike(form.options, like.options) } : form;
}
