/**
 * Opens several things, or none. Where `open` fails, whatever it put on the stack is closed, last opened first, and its
 * failure is the one that is told. Otherwise the stack is left open: whoever gets the result closes it.
 */
export async function openAll<T>(open: (opened: AsyncDisposableStack) => Promise<T>): Promise<T> {
  const opened = new AsyncDisposableStack();
  try {
    return await open(opened);
  } catch (error) {
    // People have to hear what stopped the start, whatever comes of its end.
    await opened.disposeAsync().catch(() => undefined);
    throw error;
  }
}

/** Does the work, and closes what it put on the stack, last opened first. Where both fail, the failure of the work is told. */
export async function closeAfter<T>(work: (opened: AsyncDisposableStack) => Promise<T>): Promise<T> {
  return openAll(async (opened) => {
    const result = await work(opened);
    await opened.disposeAsync();
    return result;
  });
}
