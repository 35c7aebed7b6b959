import { describe, expect, it, vi } from 'vitest';
import type { Reply, Topic } from '../../../src-shared/contract.ts';
import { call, ClientError, connect, onSignedOut, onTopics } from '../../../src-renderer/client.ts';

function connectTo(reply: () => Promise<Reply>) {
  let announce: (topics: Topic[]) => void = () => undefined;
  connect({
    invoke: reply,
    onChanged(listener) {
      announce = listener;
      return () => undefined;
    },
  });
  return { announce: (...topics: Topic[]) => announce(topics) };
}

describe('the client', () => {
  it('answers with the value', async () => {
    connectTo(() => Promise.resolve({ ok: true, value: [] }));
    expect(await call('customers.list', {})).toEqual([]);
  });

  it('throws the code and its parameters', async () => {
    const error = { code: 'invalid_input', params: { field: 'id' } } as const;
    connectTo(() => Promise.resolve({ ok: false, error }));
    await expect(call('customers.list', {})).rejects.toMatchObject(error);
  });

  it('calls a main side that cannot be reached by its name', async () => {
    connectTo(() => Promise.reject(new TypeError('Failed to fetch')));
    const failure = call('customers.list', {});
    await expect(failure).rejects.toBeInstanceOf(ClientError);
    await expect(failure).rejects.toMatchObject({ code: 'disconnected' });
  });

  it('tells who waits for it that nobody is signed in any more', async () => {
    connectTo(() => Promise.resolve({ ok: false, error: { code: 'locked', params: {} } }));
    const signedOut = vi.fn();
    const stop = onSignedOut(signedOut);
    await expect(call('customers.list', {})).rejects.toMatchObject({ code: 'locked' });
    stop();
    expect(signedOut).toHaveBeenCalledTimes(1);
  });

  it('passes on news of the topics asked for, once each, until it is told to stop', () => {
    const { announce } = connectTo(() => Promise.resolve({ ok: true, value: null }));
    const heard = vi.fn();
    const stop = onTopics(['catalog', 'imports'], heard);
    announce('shares');
    expect(heard).not.toHaveBeenCalled();
    announce('catalog', 'imports');
    expect(heard).toHaveBeenCalledTimes(1);
    stop();
    announce('catalog');
    expect(heard).toHaveBeenCalledTimes(1);
  });
});
