import { onAbort } from '../../streams/stop.ts';
/**
 * The values until the signal is aborted: also where the source waits for its next value and would not hear of it. The
 * source is told to close, and not waited for then.
 */
export async function* untilAborted<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, void> {
  const aborted = Promise.withResolvers<'aborted'>();
  const unheard = onAbort(signal, () => aborted.resolve('aborted'));
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([aborted.promise, iterator.next()]);
      if (next === 'aborted' || next.done === true) return;
      yield next.value;
    }
  } finally {
    unheard();
    const closed = iterator.return?.();
    if (signal.aborted) closed?.catch(() => undefined);
    else await closed;
  }
}
