import { arrivedReply } from '../../../infra/journal/arrived-reply.ts';
import { stoodAt } from '../../../stages/research/stood.ts';
import { turnOf } from '../../../stages/research/turn.ts';
import { Failure } from '../../../streams/failure.ts';
import type { Arrival, ArrivedStep } from '../../../streams/work/journal.ts';
import type { Step } from '../../../streams/work/step.ts';
import type { AnswerReading } from './answer-reading.ts';
import { workIn } from './work-in.ts';

/**
 * The step that an answer would have become, held against what its work had shown until then. Throws Failures: `poison` where another step
 * stands in its place, `fatal` for a stage whose steps this Millrace does not know.
 */
export async function readStep(
  arrival: Arrival,
  arrived: ArrivedStep,
  body: Buffer,
  reading: AnswerReading,
): Promise<Step> {
  const { stage, workId, model, recipe, shape, startedAt, durationMs } = arrival;
  const { lookUp } = (await reading.lanes.get(workIn(workId).lane)).recipes.research;
  if (stage !== 'research' || lookUp === undefined || lookUp.mode === 'none')
    throw new Failure('fatal', 'unknown_stage', `Nobody knows the steps of a stage named ${stage}.`);
  const steps = (await reading.stepsOf?.(stage, workId)) ?? [];
  if (steps.length !== arrived.n)
    throw new Failure('poison', 'step_taken', `Step ${arrived.n} of ${workId} is not the next one any more.`);
  const last = shape === 'last';
  const reply = await arrivedReply(arrival, body, { ...reading, withTools: !last });
  const made = turnOf(reply, {
    ...{ last, pieces: stoodAt(steps, arrived.drive, lookUp.mode).pieces, unanswerable: lookUp.unanswerable },
    by: { recipe, longest: reading.longestAnswer?.(model) },
  });
  return { ...arrived, at: startedAt, durationMs, ...made };
}
