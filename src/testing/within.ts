/** What the promise brings. Rejects after `deadlineMs` with a message that says what was waited for. */
export async function within<T>(what: string, promise: T | Promise<T>, deadlineMs = 120_000): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new Error(`Waited ${Math.round(deadlineMs)} ms in vain: ${what}.`));
  }, deadlineMs);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
