import { z } from 'zod';
import { errorText, Failure } from '../../streams/failure.ts';
import { stageSlot } from './stage-slot.ts';

/** What a plugin's own code threw: of `work` it may pass, of `decide` it comes again. */
export function failedPart(stage: string, part: 'work' | 'decide', error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { name = 'a plugin', version = '' } = stageSlot.sourceOf(stage) ?? {};
  const what =
    error instanceof z.ZodError
      ? `its result is not of its own schema: ${z.prettifyError(error)}`
      : errorText(error);
  const message = `The stage ${stage} of ${name} ${version}: ${part} failed: ${what}`;
  return new Failure(part === 'work' ? 'transient' : 'poison', 'stage_failed', message, { cause: error });
}

/** A record of a lane that does not have the stage, or not any more, and so has nothing to ask by. */
export function missingRecipe(stage: string, lane: string): Failure {
  const message = `Lane ${lane} has no recipe of the stage ${stage}: it was opened without it, or was given recipes without it (--new-recipe).`;
  return new Failure('poison', 'no_recipe', message);
}
