import type { Finished } from '../streams/work/work.ts';
import type { Provenance } from './example.ts';

/** What a finished piece of work adds to the story of its question. */
export function provenanceOf(stage: string, revision: number, finished: Finished<unknown>): Provenance {
  const { model, recipe, usage, costUsd, attempts } = finished;
  const lookUps = attempts.reduce((sum, attempt) => sum + (attempt.lookUps ?? 0), 0);
  const looked = lookUps === 0 ? {} : { lookUps };
  return { stage, revision, model, recipe, usage, costUsd, calls: attempts.length, ...looked };
}
