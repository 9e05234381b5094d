import type { ReplyReading } from '../../../infra/journal/arrived-reply.ts';
import { arrivedReply } from '../../../infra/journal/arrived-reply.ts';
import { answerIn } from '../../../stages/agent/agent.ts';
import type { ChatModel, ChatReply } from '../../../stages/agent/chat-model.ts';
import { citedRightly, quotesIn } from '../../../stages/evidence/citing.ts';
import { grounded, groundedSchema } from '../../../stages/evidence/grounded.ts';
import { shownIn } from '../../../stages/evidence/shown.ts';
import { rememberedSchema } from '../../../stages/example.ts';
import type { LaneCache } from '../../../stages/lanes/lane-cache.ts';
import { reviewRecipeFor } from '../../../stages/lanes/recipe.ts';
import { progressAt } from '../../../stages/research/look-up-progress.ts';
import { turnOf } from '../../../stages/research/turn.ts';
import { judgementSchema } from '../../../stages/review/judgement.ts';
import { judged } from '../../../stages/review/stage.ts';
import { addedRows } from '../../../stages/table.ts';
import { callCheckOf, calledRightly } from '../../../stages/training-types/called-tools.ts';
import { shapeNamed } from '../../../stages/training-types/index.ts';
import type { AttemptResult } from '../../../streams/delivery/stage.ts';
import { asFailure, Failure } from '../../../streams/failure.ts';
import { failedAttempt, finishedBy, succeededAttempt } from '../../../streams/work/attempts.ts';
import type { Arrival, ArrivedStep, UnsavedOfWork } from '../../../streams/work/journal.ts';
import type { Step } from '../../../streams/work/step.ts';
import type { WorkId } from '../../../streams/work/work.ts';
import { workIn } from './work-in.ts';

/** What is known of the answers' askers: the recipes of lanes, the longest answers of models, the prices, and our secrets. */
export type AnswerReading = ReplyReading &
  Readonly<{
    lanes: Pick<LaneCache, 'get'>;
    longestAnswer: ChatModel['longestAnswer'];
    /** The steps that a work of the stage has made. */
    stepsOf?(stage: string, workId: WorkId): Promise<readonly Step[]>;
  }>;

/**
 * What the process that made the call would have stored of its answer: a result or, of an answer that cannot be used, a
 * failed attempt. Throws Failures: `poison` where nobody can want it any more, `fatal` for what this Millrace does not know.
 */
export async function readArrival(
  arrival: Arrival,
  body: Buffer,
  reading: AnswerReading,
): Promise<UnsavedOfWork> {
  const { stage, workId, token, number, startedAt, durationMs, earlier } = arrival;
  const time = { number, startedAt, durationMs };
  const work = { stage, workId, token };
  try {
    if (arrival.step !== undefined)
      return { kind: 'step', ...work, step: await readStep(arrival, arrival.step, body, reading) };
    const done = await resultOf(arrival, await arrivedReply(arrival, body, reading), reading);
    const finished = finishedBy(done, [...earlier, succeededAttempt(time, done)]);
    return { kind: 'answer', ...work, finished };
  } catch (error) {
    const failure = asFailure(error);
    if (failure.kind !== 'content' && failure.kind !== 'transient') throw failure;
    return { kind: 'attempt', ...work, attempt: failedAttempt(time, failure) };
  }
}

async function resultOf(
  { stage, workId, model, recipe, shape }: Arrival,
  reply: ChatReply,
  { lanes, longestAnswer }: AnswerReading,
): Promise<AttemptResult<unknown>> {
  const by = { recipe, longest: longestAnswer?.(model) };
  switch (stage) {
    case 'research': {
      if (shape === '') return answerIn(reply, rememberedSchema, by);
      const { lookUp } = (await lanes.get(workIn(workId).lane)).recipes.research;
      const unanswerable = lookUp?.mode === 'sources' ? lookUp.unanswerable : 'drop';
      return grounded(answerIn(reply, groundedSchema, by), shownIn(shape), unanswerable);
    }
    case 'generation': {
      const { recipes } = await lanes.get(workIn(workId).lane);
      const written = quotesIn(shape);
      const { type, candidate, tools } = shapeNamed(written.shape, recipes);
      const done = calledRightly(answerIn(reply, candidate, by), await callCheckOf(type, tools));
      return citedRightly(done, written.quotes);
    }
    case 'review': {
      const work = workIn(workId);
      const [, type = ''] = shape.split('/');
      const review = reviewRecipeFor((await lanes.get(work.lane)).recipes, type);
      return judged(answerIn(reply, judgementSchema(review.rubric), by), review, work, shape);
    }
    default: {
      const added = addedRows().find(({ name }) => name === stage);
      if (added !== undefined) return answerIn(reply, added.stage.result, by);
      throw new Failure('fatal', 'unknown_stage', `Nobody knows a paid stage named ${stage}.`);
    }
  }
}

/**
 * The step that an answer would have become, held against what its work had shown until then. Throws Failures: `poison` where another step
 * stands in its place, `fatal` for a stage whose steps this Millrace does not know.
 */
async function readStep(
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
    ...{
      last,
      pieces: progressAt(steps, arrived.drive, lookUp.mode).pieces,
      unanswerable: lookUp.unanswerable,
    },
    by: { recipe, longest: reading.longestAnswer?.(model) },
  });
  return { ...arrived, at: startedAt, durationMs, ...made };
}
