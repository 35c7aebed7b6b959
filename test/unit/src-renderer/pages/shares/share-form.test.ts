import { describe, expect, it } from 'vitest';
import type { Share } from '../../../../../src-shared/contract/shares.ts';
import { StoredForm } from '../../../../../src-renderer/input/stored-form.svelte.ts';
import {
  shareQuestions,
  type Question,
} from '../../../../../src-renderer/pages/shares/editor/share-questions.ts';
import { shareDraft, shareOptions } from '../../../../../src-shared/contract/shares.ts';
import {
  draftOf,
  emptyForm,
  formOf,
  originOf,
  readOrigins,
  type ShareForm,
} from '../../../../../src-renderer/pages/shares/editor/share-form.ts';
import { problemsOf } from '../../../../../src-renderer/pages/shares/editor/share-problems.ts';

const created = '2026-11-01';
const days = { today: '2026-11-24', createdDay: created, savedExpiry: null };

const share: Share = {
  id: 7,
  label: 'Board',
  customerId: 3,
  customerName: 'Harbour',
  projectId: null,
  projectName: null,
  projectIds: [],
  options: shareOptions.parse({ corsOrigins: ['https://a.example'] }),
  hasPassword: true,
  paused: false,
  expiresDay: null,
  state: 'active',
  path: '/en/auth/customer-portal/k',
  createdAt: 0,
  changedAt: 0,
  views: 0,
  lastViewAt: null,
  failures: 0,
  lockedClients: 0,
};

function edited(change: (form: ShareForm) => void): ShareForm {
  const form = formOf(share);
  change(form);
  return form;
}

function changedBetween(saved: ShareForm, form: ShareForm): readonly Question[] {
  const stored = new StoredForm(
    saved,
    shareQuestions(() => created),
  );
  stored.form = form;
  return stored.changed;
}
const changes = (change: (form: ShareForm) => void): readonly Question[] =>
  changedBetween(formOf(share), edited(change));

describe('what changed', () => {
  it('is nothing for an untouched form', () => {
    expect(changes(() => undefined)).toEqual([]);
  });

  it('counts each question once', () => {
    expect(
      changes((form) => {
        form.options.showRates = true;
        form.options.showUser = true;
        form.label = 'Press';
      }),
    ).toEqual(['label', 'showUser', 'showRates']);
  });

  it('is nothing again after going back', () => {
    expect(
      changes((form) => {
        form.options.range = { kind: 'rolling', span: 'this_year' };
        form.options.range = { kind: 'all' };
        form.label = 'Board ';
        form.corsText = '\n https://a.example/ \n';
      }),
    ).toEqual([]);
  });

  it('takes hand-picking projects as one change, whatever their order', () => {
    const pick = (ids: number[]) => (form: ShareForm) => {
      form.options.projectSelection = 'selected';
      form.projectIds = ids;
    };
    expect(changes(pick([2, 1]))).toEqual(['target']);
    expect(changedBetween(edited(pick([1, 2])), edited(pick([2, 1])))).toEqual([]);
  });

  it('ignores picks that are not in effect', () => {
    expect(changes((form) => (form.projectIds = [1]))).toEqual([]);
  });

  it('takes an open fixed range as no range', () => {
    const open = { kind: 'fixed', firstDay: null, lastDay: null } as const;
    expect(changes((form) => (form.options.range = open))).toEqual([]);
  });

  it('compares the day on which it ends, however it was said', () => {
    const ends = { ...share, expiresDay: '2026-11-15' };
    const form = formOf(ends);
    form.expiry = { kind: 'days', days: 14 };
    expect(changedBetween(formOf(ends), form)).toEqual([]);
    form.expiry = { kind: 'days', days: 15 };
    expect(changedBetween(formOf(ends), form)).toEqual(['expiry']);
    form.expiry = { kind: 'days', days: null };
    expect(changedBetween(formOf(ends), form)).toEqual(['expiry']);
  });

  it('counts a new, changed or removed password', () => {
    expect(changes((form) => (form.password = { kind: 'set', text: '' }))).toEqual(['password']);
    expect(changes((form) => (form.password = { kind: 'remove' }))).toEqual(['password']);
  });
});

describe('draft', () => {
  it('is what the contract takes', () => {
    const draft = draftOf(
      edited(() => undefined),
      created,
    );
    expect(shareDraft.parse(draft)).toEqual(draft);
    expect(draft?.options).toEqual(share.options);
  });

  it('is null without a customer', () => {
    expect(draftOf(emptyForm('de'), created)).toBeNull();
  });

  it('leaves out picks of a project share and of a whole customer', () => {
    const picked = edited((form) => {
      form.options.projectSelection = 'selected';
      form.projectIds = [9, 4];
    });
    expect(draftOf(picked, created)?.projectIds).toEqual([4, 9]);
    const project = draftOf({ ...picked, projectId: 4 }, created);
    expect(project?.projectIds).toEqual([]);
    expect(project?.options.projectSelection).toBe('all');
  });

  it('sends only origins that are valid', () => {
    const draft = draftOf(
      edited((form) => (form.corsText = 'https://b.example\nnot one')),
      created,
    );
    expect(draft?.options.corsOrigins).toEqual(['https://b.example']);
  });
});

describe('origins', () => {
  it.each([
    ['https://a.example', 'https://a.example'],
    ['https://A.example/', 'https://a.example'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['https://a.example:443', 'https://a.example'],
  ])('reads %s', (text, origin) => expect(originOf(text)).toBe(origin));

  it.each([
    'a.example',
    'ftp://a.example',
    'https://',
    'https://a.example/x',
    'https://u@a.example',
    'https://a.example?x',
    '*',
    'null',
  ])('refuses %s', (text) => expect(originOf(text)).toBeNull());

  it('names each once', () => {
    expect(readOrigins('https://a.example\nhttps://a.example/\n\nx')).toEqual({
      origins: ['https://a.example'],
      invalid: ['x'],
    });
  });
});

describe('problems', () => {
  const codes = (change: (form: ShareForm) => void, context = days): string[] =>
    problemsOf(edited(change), context).map((problem) => problem.code);

  it('has none for a saved share', () => expect(codes(() => undefined)).toEqual([]));

  it('wants a customer', () => {
    expect(problemsOf(emptyForm('en'), days).map((p) => p.code)).toEqual(['customer_missing']);
  });

  it('wants at least one picked project', () => {
    expect(codes((form) => (form.options.projectSelection = 'selected'))).toEqual([
      'projects_missing',
    ]);
  });

  it('wants days in order', () => {
    const range = (firstDay: string | null, lastDay: string | null) => (form: ShareForm) => {
      form.options.range = { kind: 'fixed', firstDay, lastDay };
    };
    expect(codes(range('2026-02-01', '2026-01-31'))).toEqual(['range_reversed']);
    expect(codes(range('2026-02-01', '2026-02-01'))).toEqual([]);
    expect(codes(range('2026-02-01', null))).toEqual([]);
  });

  it('counts the bytes of a password, not its letters', () => {
    const set = (text: string) => (form: ShareForm) => {
      form.password = { kind: 'set', text };
    };
    expect(codes(set(''))).toEqual(['password_empty']);
    expect(codes(set('x'.repeat(128)))).toEqual([]);
    expect(codes(set('ü'.repeat(65)))).toEqual(['password_too_long']);
  });

  it('refuses an end in the past, unless it is the saved one', () => {
    const ends = (day: string) => (form: ShareForm) => {
      form.expiry = { kind: 'day', day };
    };
    expect(codes(ends('2026-11-23'))).toEqual(['expiry_past']);
    expect(codes(ends('2026-11-23'), { ...days, savedExpiry: '2026-11-23' } as never)).toEqual([]);
    expect(codes(ends('2026-11-24'))).toEqual([]);
    expect(codes(ends(''))).toEqual(['expiry_day_missing']);
    expect(codes((form) => (form.expiry = { kind: 'days', days: 0 }))).toEqual(['expiry_days']);
  });

  it('looks at origins only while data.json is on', () => {
    expect(codes((form) => (form.corsText = 'x'))).toEqual([]);
    expect(
      codes((form) => {
        form.corsText = 'x';
        form.options.json = true;
      }),
    ).toEqual(['origin_invalid']);
  });
});
