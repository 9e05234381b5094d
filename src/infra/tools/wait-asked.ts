import { retryAfterMs } from '../models/openai/failures/retry-after.ts';
import type { HeaderReader } from '../models/openai/transport/text-reply.ts';

/** How long a server wants to be left alone, as a fact of a Failure: nothing where it does not say. */
export function waitAsked(headers: HeaderReader): Readonly<{ retryAfterMs?: number }> {
  const waitMs = retryAfterMs(headers, Date.now());
  return waitMs === undefined ? {} : { retryAfterMs: waitMs };
}
