import { within } from './within.ts';

const LOOK_MS = 10;
/** A look that has not answered by the deadline gets so long. */
const LAST_LOOK_MS = 60_000;

/**
 * Waits for a fact: resolves with what `look` brings as soon as it is neither false nor undefined. Rejects after
 * `deadlineMs` with a message that says what was waited for.
 */
export async function until<T>(
  what: string,
  look: () => T | false | undefined | Promise<T | false | undefined>,
  deadlineMs = 120_000,
): Promise<T> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const leftMs = Math.max(0, endMs - performance.now()) + LAST_LOOK_MS;
    const found = await within(`${what}, and the look for it hangs`, look(), leftMs);
    if (found !== undefined && found !== false) return found;
    if (performance.now() > endMs) throw new Error(`Waited ${deadlineMs} ms in vain: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
