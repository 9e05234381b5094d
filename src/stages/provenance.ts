import type { Finished } from '../streams/work/work.ts';
import type { Provenance } from './example.ts';

/** What a finished piece of work adds to the story of its question. */
export function provenanceOf(stage: string, revision: number, finished: Finished<unknown>): Provenance {
  const { model, recipe, usage, costUsd, attempts } = finished;
  return { stage, revision, model, recipe, usage, costUsd, calls: attempts.length };
}
