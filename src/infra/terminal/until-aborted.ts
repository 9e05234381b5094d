import { onAbort } from '../../streams/stop.ts';

/**
 * The values until the signal is aborted: also where the source waits for its next value and would not hear of it. The
 * source is told to close, and not waited for then.
 */
export async function* untilAborted<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, void> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await nextOrAborted(iterator.next(), signal);
      if (next === 'aborted' || next.done === true) return;
      yield next.value;
    }
  } finally {
    const closed = iterator.return?.();
    if (signal.aborted) closed?.catch(() => undefined);
    else await closed;
  }
}

/** One promise for each wait: a single one would keep a reaction of every value until the end. */
function nextOrAborted<T>(next: Promise<T>, signal: AbortSignal): Promise<T | 'aborted'> {
  const aborted = Promise.withResolvers<'aborted'>();
  const unheard = onAbort(signal, () => aborted.resolve('aborted'));
  return Promise.race([aborted.promise, next]).finally(unheard);
}
