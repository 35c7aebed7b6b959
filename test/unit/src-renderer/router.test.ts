import { describe, expect, it } from 'vitest';
import { createRouter, parseHash, type AddressBar } from '../../../src-renderer/router.svelte.ts';

/** An address bar with a history, as a browser's. */
function createBar(first = '#/') {
  const entries = [first];
  let listener = (): void => undefined;
  const bar: AddressBar = {
    read: () => entries.at(-1)!,
    push: (hash) => void entries.push(hash),
    replace: (hash) => void entries.splice(-1, 1, hash),
    listen: (onChange) => (listener = onChange),
  };
  return {
    bar,
    entries,
    /** A click on a link, or the back button. */
    visit(hash: string) {
      entries.push(hash);
      listener();
    },
  };
}

describe('addresses', () => {
  it('are split into decoded parts and a query', () => {
    const { segments, query } = parseHash('#/imports/job/a%20b?x=1&y=%C3%A4');
    expect(segments).toEqual(['imports', 'job', 'a b']);
    expect(query.get('y')).toBe('ä');
  });

  it('with a broken escape stay as they are', () => {
    expect(parseHash('#/a/%E0%A4').segments).toEqual(['a', '%E0%A4']);
  });
});

describe('the guard of a form', () => {
  it('lets go while nothing is unsaved', () => {
    const { bar, visit } = createBar('#/customers/1/edit');
    const router = createRouter(bar);
    router.guard(() => false);
    visit('#/records');
    expect(router.pending).toBeNull();
    expect(bar.read()).toBe('#/records');
    expect(router.segments).toEqual(['records']);
  });

  it('keeps the page and its address, and asks', () => {
    const { bar, visit } = createBar('#/customers/1/edit');
    const router = createRouter(bar);
    router.guard(() => true);
    visit('#/records');
    expect(router.pending).toBe('#/records');
    expect(bar.read()).toBe('#/customers/1/edit');
    router.stay();
    expect(router.pending).toBeNull();
    expect(router.unsaved()).toBe(true);
  });

  it('leaves when told to, and does not ask the next page', () => {
    const { bar, visit } = createBar('#/customers/1/edit');
    const router = createRouter(bar);
    router.guard(() => true);
    visit('#/records');
    router.leave();
    expect(bar.read()).toBe('#/records');
    expect(router.unsaved()).toBe(false);
    visit('#/imports');
    expect(router.pending).toBeNull();
  });

  it('holds back the app’s own steps too', () => {
    const { bar } = createBar('#/customers/1/edit');
    const router = createRouter(bar);
    router.guard(() => true);
    router.go('/imports');
    expect(router.pending).toBe('#/imports');
    expect(bar.read()).toBe('#/customers/1/edit');
  });

  it('is lifted by its own form only', () => {
    const { bar } = createBar();
    const router = createRouter(bar);
    const liftFirst = router.guard(() => true);
    const liftSecond = router.guard(() => true);
    liftFirst();
    expect(router.unsaved()).toBe(true);
    liftSecond();
    expect(router.unsaved()).toBe(false);
  });

  it('refining a list neither asks nor adds to the history', () => {
    const { bar, entries } = createBar('#/records');
    const router = createRouter(bar);
    router.refine('/records?state=hidden');
    expect(entries).toEqual(['#/records?state=hidden']);
    expect(bar.read()).toBe('#/records?state=hidden');
  });
});
