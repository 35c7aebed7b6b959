import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ClientError } from '../../../../src-renderer/client.ts';
import { Latest } from '../../../../src-renderer/stores/latest.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the latest answer', () => {
  it('is asked for once after a pause, and answers that come late are dropped', async () => {
    const pending: ((text: string) => void)[] = [];
    const question = vi.fn(() => new Promise<string>((resolve) => pending.push(resolve)));
    const latest = new Latest<string>();
    latest.ask(question, 250);
    latest.ask(question, 250);
    await vi.advanceTimersByTimeAsync(250);
    expect(question).toHaveBeenCalledTimes(1);
    latest.ask(question, 250);
    await vi.advanceTimersByTimeAsync(250);
    pending[1]!('new');
    pending[0]!('old');
    await vi.advanceTimersByTimeAsync(0);
    expect(latest.value).toBe('new');
    expect(latest.isWaiting).toBe(false);
  });

  it('keeps the last value while it says why the next one failed', async () => {
    const latest = new Latest<string>();
    latest.ask(async () => 'first', 0);
    await vi.advanceTimersByTimeAsync(0);
    latest.ask(() => Promise.reject(new ClientError('disk_full')), 0);
    await vi.advanceTimersByTimeAsync(0);
    expect(latest.value).toBe('first');
    expect(latest.error?.code).toBe('disk_full');
    latest.forget();
    expect([latest.value, latest.error]).toEqual([null, null]);
  });
});
