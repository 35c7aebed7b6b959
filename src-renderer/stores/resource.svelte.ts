import { untrack } from 'svelte';
import type { Input, MethodName, Output, Topic } from '../../src-shared/contract.ts';
import { call, onTopics, type ClientError } from '../client.ts';
import { NewestAnswer } from './newest-answer.ts';

/** What a page shows of the main side: always the newest answer, never an older one on top. */
export interface Resource<T> {
  /** Undefined until the first answer; kept while fetching again, so that nothing jumps. */
  readonly data: T | undefined;
  readonly error: ClientError | null;
  /** True while an answer is awaited, the first one or a newer one. */
  readonly loading: boolean;
  /** Fetches again, for a retry. */
  refetch(): void;
}

/**
 * Fetches a query now, whenever its input changes, and whenever one of the topics does. `input`
 * is read reactively; null means nothing to fetch. Call it while a component is set up.
 * News that comes while a fetch is on its way leads to one more fetch, not to one per event.
 */
export function createResource<M extends MethodName>(
  method: M,
  input: () => Input<M> | null,
  topics: readonly Topic[],
): Resource<Output<M>> {
  let data = $state.raw<Output<M> | undefined>();
  let error = $state.raw<ClientError | null>(null);
  let loading = $state(true);
  const newest = new NewestAnswer();
  let isFetching = false;
  let isStale = false;

  async function fetch(wanted: Input<M>): Promise<void> {
    isFetching = true;
    isStale = false;
    loading = true;
    const answer = await newest.ask(() => call(method, wanted));
    if (answer === null) return;
    if ('value' in answer) data = answer.value;
    error = 'error' in answer ? answer.error : null;
    isFetching = false;
    loading = false;
    if (isStale) await fetch(wanted);
  }

  const wanted = $derived(input());
  function refetch(): void {
    const present = untrack(() => wanted);
    if (present === null) return;
    if (isFetching) isStale = true;
    else void fetch(present);
  }

  $effect(() => {
    const present = wanted;
    if (present === null) {
      // Answers still on their way are for a question nobody asks any more.
      newest.drop();
      isFetching = false;
      loading = false;
      data = undefined;
      error = null;
    } else {
      untrack(() => void fetch(present));
    }
  });
  $effect(() => {
    const stop = onTopics(topics, refetch);
    return () => {
      stop();
      newest.drop();
    };
  });

  return {
    get data() {
      return data;
    },
    get error() {
      return error;
    },
    get loading() {
      return loading;
    },
    refetch,
  };
}
