import { inTime } from '../streams/in-time.ts';

/** What the promise brings. Rejects after `deadlineMs` with a message that says what was waited for. */
export async function within<T>(what: string, promise: T | Promise<T>, deadlineMs = 120_000): Promise<T> {
  return inTime(Promise.resolve(promise), deadlineMs, () => {
    throw new Error(`Waited ${Math.round(deadlineMs)} ms in vain: ${what}.`);
  });
}
