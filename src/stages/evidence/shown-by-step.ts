import { z } from 'zod';
import type { Step } from '../../streams/work/step.ts';

const stepShows = z.object({
  pieces: z.array(z.object({ kind: z.string(), source: z.string(), contentHash: z.string() })),
});

/** The sources of which a step shows anything, each with the hash of a text of it. What its question brought is of none. */
export function shownByStep({ body }: Pick<Step, 'body'>): ReadonlyMap<string, string> {
  const pieces = stepShows.safeParse(body).data?.pieces ?? [];
  const found = pieces.filter(({ kind }) => kind !== 'context');
  return new Map(found.map(({ source, contentHash }) => [source, contentHash]));
}
