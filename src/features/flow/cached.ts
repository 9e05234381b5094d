/** Repeats a look at most every `everyMs`, however many ask. */
export function cached<T>(look: () => Promise<T>, everyMs: number): () => Promise<T> {
  let last: Readonly<{ atMs: number; found: Promise<T> }> | undefined;
  return () => {
    const nowMs = performance.now();
    if (last === undefined || nowMs - last.atMs > everyMs) {
      const found = look();
      last = { atMs: nowMs, found };
      found.catch(() => {
        last = undefined;
      });
    }
    return last.found;
  };
}
