import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { shareOptions, type Share } from '../../../../../src-shared/contract/shares.ts';
import type { MethodName, Reply } from '../../../../../src-shared/contract.ts';
import { connect } from '../../../../../src-renderer/client.ts';
import { ShareEditor } from '../../../../../src-renderer/pages/shares/editor/share-editor.svelte.ts';

const share: Share = {
  id: 7,
  label: 'Board',
  customerId: 3,
  customerName: 'Harbour',
  projectId: null,
  projectName: null,
  projectIds: [],
  options: shareOptions.parse({}),
  hasPassword: false,
  paused: false,
  expiresDay: null,
  state: 'active',
  path: '/en/auth/customer-portal/k',
  createdAt: new Date(2026, 10, 1, 12).getTime(),
  changedAt: 0,
  views: 0,
  lastViewAt: null,
  failures: 0,
  lockedClients: 0,
};

type Answer = (method: MethodName, input: unknown) => Reply | Promise<Reply>;
let calls: { method: MethodName; input: unknown }[];

/** The main side, as far as a test needs it. Refuses what Electron could not carry either. */
function answer(reply: Answer): void {
  connect({
    async invoke(method, input) {
      calls.push({ method, input: structuredClone(input) });
      return reply(method, input);
    },
    onChanged: () => () => undefined,
  });
}

const fresh = { locale: 'de', customerId: null, projectId: null };

beforeEach(() => {
  calls = [];
  vi.useFakeTimers({ now: new Date('2026-11-24T12:00:00') });
});
afterEach(() => void vi.useRealTimers());

describe('the options of another share', () => {
  const other: Share = {
    ...share,
    ...{ id: 8, hasPassword: true, expiresDay: '2026-12-31' },
    options: shareOptions.parse({
      ...{ showRates: true, budgetStats: true, mergeMode: 'merge', annualChart: false },
      ...{ range: { kind: 'rolling', span: 'this_year' }, downloads: true, json: true },
      ...{ locale: 'fr', projectSelection: 'selected', corsOrigins: ['https://other.example'] },
    }),
  };
  const taken = {
    ...other.options,
    ...{ locale: 'de', projectSelection: 'all', corsOrigins: [] as string[] },
  };

  it('are where a new share starts, without what belongs to its client', () => {
    const editor = new ShareEditor({ ...fresh, customerId: 3, like: other });
    expect(editor.changes).toEqual([]);
    expect(editor.hasPassword).toBe(false);
    expect(editor.draft).toMatchObject({ options: taken, expiresDay: null, projectIds: [] });
  });

  it('are taken by a share that exists, as changes to save, and given back', () => {
    const editor = new ShareEditor({ ...share, options: shareOptions.parse({ locale: 'de' }) });
    const undo = editor.takeOptions(other.options);
    expect(editor.draft?.options).toEqual(taken);
    expect([...editor.changes].sort()).toEqual(
      ['showRates', 'budgetStats', 'mergeMode', 'annualChart', 'range', 'downloads', 'json'].sort(),
    );
    undo();
    expect(editor.changes).toEqual([]);
  });
});

describe('share editor', () => {
  it('starts a new share with one change once a customer is chosen', () => {
    const editor = new ShareEditor(fresh);
    expect(editor.changes).toEqual([]);
    editor.chooseTarget(3, null);
    expect(editor.changes).toEqual(['target']);
    expect(editor.draft?.options.locale).toBe('de');
  });

  it('takes a customer that the address names as no change yet', () => {
    const editor = new ShareEditor({ locale: 'en', customerId: 3, projectId: 5 });
    expect(editor.changes).toEqual([]);
    expect(editor.draft).toMatchObject({ customerId: 3, projectId: 5 });
  });

  it('keeps quiet about empty fields until the first try to save', async () => {
    const editor = new ShareEditor(fresh);
    expect(editor.problemOf('customer')).toBeNull();
    expect(await editor.save()).toBe(false);
    expect(editor.problemOf('customer')?.code).toBe('customer_missing');
    expect(calls).toEqual([]);
  });

  it('creates share and password in one call', async () => {
    answer(() => ({ ok: true, value: { ...share, hasPassword: true } }));
    const editor = new ShareEditor(fresh);
    editor.chooseTarget(3, null);
    editor.form.password = { kind: 'set', text: 'pass phrase' };
    expect(await editor.save()).toBe(true);
    expect(calls.map((c) => c.method)).toEqual(['shares.create']);
    expect(calls[0]?.input).toMatchObject({ customerId: 3, password: 'pass phrase' });
    expect(editor.form.password).toEqual({ kind: 'keep' });
    expect(editor.hasPassword).toBe(true);
  });

  it('leaves the password alone, sets it or removes it', async () => {
    answer(() => ({ ok: true, value: share }));
    const editor = new ShareEditor(share);
    editor.form.options.showRates = true;
    await editor.save();
    editor.form.password = { kind: 'remove' };
    await editor.save();
    expect(calls.map((c) => Object.hasOwn(c.input as object, 'password'))).toEqual([false, true]);
    expect(calls[1]?.input).toMatchObject({ id: 7, password: null });
  });

  it('keeps everything typed if saving fails', async () => {
    answer(() => ({ ok: false, error: { code: 'disk_full', params: {} } }));
    const editor = new ShareEditor(share);
    editor.form.label = 'Press';
    await expect(editor.save()).rejects.toMatchObject({ code: 'disk_full' });
    expect(editor.changes).toEqual(['label']);
    expect(editor.isSaving).toBe(false);
  });

  it('keeps what is typed while saving as a change', async () => {
    answer((_method, input) => {
      editor.form.options.showUser = true;
      const { patch } = input as { patch: Partial<Share> };
      return { ok: true, value: { ...share, ...patch } };
    });
    const editor = new ShareEditor(share);
    editor.form.label = 'Press';
    await editor.save();
    expect(editor.changes).toEqual(['showUser']);
  });

  it('forgets changes on discard', () => {
    const editor = new ShareEditor(share);
    editor.form.options.showRates = true;
    editor.form.options.range = { kind: 'rolling', span: 'this_year' };
    expect(editor.changes).toHaveLength(2);
    editor.discard();
    expect(editor.changes).toEqual([]);
  });

  it('sends only what was changed', async () => {
    answer(() => ({ ok: true, value: share }));
    const editor = new ShareEditor(share);
    editor.form.label = ' Press ';
    editor.form.options.showRates = true;
    await editor.save();
    expect(calls).toEqual([
      {
        method: 'shares.update',
        input: { id: 7, patch: { label: 'Press', options: { showRates: true } } },
      },
    ]);
  });

  it('sends customer, project and picked projects together', async () => {
    answer(() => ({ ok: true, value: share }));
    const editor = new ShareEditor(share);
    editor.form.options.projectSelection = 'selected';
    editor.form.projectIds = [5, 4];
    await editor.save();
    expect(calls[0]?.input).toEqual({
      id: 7,
      patch: {
        customerId: 3,
        projectId: null,
        projectIds: [4, 5],
        options: { projectSelection: 'selected' },
      },
    });
  });

  it('follows a change made elsewhere in every field that is not being edited', () => {
    const editor = new ShareEditor(share);
    editor.form.label = 'Press';
    editor.refresh({ ...share, options: { ...share.options, showRates: true } });
    expect(editor.form.label).toBe('Press');
    expect(editor.form.options.showRates).toBe(true);
    expect(editor.changes).toEqual(['label']);
    expect(editor.stored.conflicts).toEqual([]);
    editor.discard();
    editor.refresh({ ...share, label: 'Other' });
    expect(editor.form.label).toBe('Other');
    expect(editor.form.options.showRates).toBe(false);
  });

  it('asks which one counts where both windows changed a field, and saves after that', async () => {
    answer((_method, input) => {
      const { patch } = input as { patch: { label: string } };
      return { ok: true, value: { ...share, ...patch } };
    });
    const editor = new ShareEditor(share);
    editor.form.label = 'Mine';
    editor.refresh({ ...share, label: 'Theirs' });
    expect(editor.stored.conflicts).toEqual(['label']);
    expect(editor.form.label).toBe('Mine');
    expect(await editor.save()).toBe(false);
    expect(calls).toEqual([]);
    editor.stored.keepOwn('label');
    expect(await editor.save()).toBe(true);
    expect(calls[0]?.input).toEqual({ id: 7, patch: { label: 'Mine' } });
    expect(editor.changes).toEqual([]);
  });

  it('takes the other value, and knows no conflict over equal ones', () => {
    const editor = new ShareEditor(share);
    editor.form.label = 'Mine';
    editor.refresh({ ...share, label: 'Theirs' });
    editor.stored.takeStored('label');
    expect(editor.form.label).toBe('Theirs');
    expect(editor.changes).toEqual([]);
    editor.form.label = 'Same';
    editor.refresh({ ...share, label: 'Same' });
    expect(editor.stored.conflicts).toEqual([]);
    expect(editor.changes).toEqual([]);
  });

  it('keeps telling of a conflict while other fields change', () => {
    const editor = new ShareEditor(share);
    editor.form.label = 'Mine';
    editor.refresh({ ...share, label: 'Theirs' });
    editor.refresh({ ...share, label: 'Theirs', expiresDay: '2027-01-01' });
    expect(editor.stored.conflicts).toEqual(['label']);
    expect(editor.expiresDay).toBe('2027-01-01');
  });

  it('tells that a password was set elsewhere while one is typed here', () => {
    const editor = new ShareEditor(share);
    editor.form.password = { kind: 'set', text: 'pass phrase' };
    editor.refresh({ ...share, hasPassword: true });
    expect(editor.stored.conflicts).toEqual(['password']);
    editor.stored.takeStored('password');
    expect(editor.form.password).toEqual({ kind: 'keep' });
    expect(editor.hasPassword).toBe(true);
  });

  it('follows what it hears while it saves, once that is over', async () => {
    answer(() => {
      editor.refresh({ ...share, label: 'Press', expiresDay: '2027-01-01', changedAt: 2 });
      return { ok: true, value: { ...share, label: 'Press', changedAt: 1 } };
    });
    const editor = new ShareEditor(share);
    editor.form.label = 'Press';
    await editor.save();
    expect(editor.changes).toEqual([]);
    expect(editor.expiresDay).toBe('2027-01-01');
  });

  it('knows an end so many days after creation', () => {
    const editor = new ShareEditor(share);
    editor.form.expiry = { kind: 'days', days: 30 };
    expect(editor.expiresDay).toBe('2026-12-01');
    expect(new ShareEditor(fresh).createdDay).toBe('2026-11-24');
  });

  it('takes a generated passphrase as a password to save', async () => {
    answer(() => ({ ok: true, value: { passphrase: 'bado-kilu' } }));
    const editor = new ShareEditor(share);
    await editor.generatePassword();
    expect(editor.changes).toEqual(['password']);
    expect(editor.generated).toBe('bado-kilu');
  });
});
