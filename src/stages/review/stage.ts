import type { AttemptResult, Stage, StageResult } from '../../streams/delivery/stage.ts';
import { type Finished, type WorkKey, type WorkStore, workIdOf } from '../../streams/work/work.ts';
import { addedBefore } from '../added/added-before.ts';
import { askModel, sizeOf } from '../agent/agent.ts';
import type { ChatModel } from '../agent/chat-model.ts';
import { presented } from '../agent/presented.ts';
import { questionValues } from '../agent/question-values.ts';
import { evidenceText, findingsText } from '../evidence/shown.ts';
import { type Review, reviewSchema } from '../example.ts';
import { type Lane, sharedSuffixOf, suffixOf } from '../lanes/lane.ts';
import type { LaneCache } from '../lanes/lane-cache.ts';
import { type ReviewRecipe, reviewRecipeFor } from '../lanes/recipe.ts';
import { decodeMessage, type ReviewMessage, recordOf, reviewMessage, workKeyOf } from '../message.ts';
import { provenanceOf } from '../provenance.ts';
import { questionIdOf } from '../question.ts';
import type { Topics } from '../stage-names.ts';
import { waitingOf } from '../store/review-queue-repository.ts';
import { isGrave, suspicionsIn } from '../text/suspicion.ts';
import { holdOf } from './hold.ts';
import { type Judgement, judgementSchema, verdictOf } from './judgement.ts';

export type ReviewDeps = Readonly<{
  topics: Topics;
  store: WorkStore<Review>;
  model: ChatModel;
  lanes: LaneCache;
}>;

/** Stage 4: the judge scores the candidate; a failed one goes back to generation with the reasons. */
export function reviewStage({ topics, store, model, lanes }: ReviewDeps): Stage<ReviewMessage, Review> {
  return {
    name: 'review',
    topic: topics.review,
    store,
    decode: (record) => decodeMessage(reviewMessage, record),
    workOf: (message) => workKeyOf('review', message),
    accept: ({ lane }) => lanes.ready(lane, 'review'),
    recognise: (finished) => {
      const { data: result } = reviewSchema.safeParse(finished.result);
      return result === undefined ? undefined : { ...finished, result };
    },
    mostAttempts: ({ override }) => override?.maxAttempts,
    sizeOf: async (message, attempt) => sizeOf(model, await askOf(lanes, message), attempt),
    run: async (message, attempt) => {
      const ask = await askOf(lanes, message);
      const done = await askModel(model, ask, attempt);
      return judged(done, ask.recipe, workKeyOf('review', message), ask.shape);
    },
    decide: (message, finished) => decide(topics, message, finished),
  };
}

/** The shape of a judgement on what looks like an attempt to deceive the judge: a person is to see it. */
const SUSPECT = 'suspect';

/** What follows from the judge's answer on a work, by the recipe of its lane and the shape that was asked for. */
export function judged(
  done: AttemptResult<Judgement>,
  recipe: ReviewRecipe,
  work: Omit<WorkKey, 'drive'>,
  shape: string,
): AttemptResult<Review> {
  const review = verdictOf(done.result, recipe, work.revision);
  const hold = holdOf(review, recipe, workIdOf(work), shape.split('/')[0] === SUSPECT);
  return { ...done, result: hold === undefined ? review : { ...review, hold } };
}

async function askOf(lanes: LaneCache, message: ReviewMessage) {
  const lane = await lanes.get(message.lane);
  const { trainingType } = message.question;
  const recipe = reviewRecipeFor(lane.recipes, trainingType);
  const suffix = suffixOf(lane, workKeyOf('review', message));
  const { override } = message;
  const values = { ...valuesOf(message, lane), rubric: rubricText(recipe.rubric) };
  const answer = judgementSchema(recipe.rubric);
  const suspect = suspicionsIn(message).some(isGrave) ? SUSPECT : '';
  const shape = recipe === lane.recipes.review ? suspect : `${suspect}/${trainingType}`;
  const sharedSuffix = sharedSuffixOf(lane, 'review', message.question);
  const ask = { stage: 'review', recipe, override, values, suffix, sharedSuffix };
  return { ...ask, answerName: 'review', answer, shape };
}

function decide(topics: Topics, message: ReviewMessage, finished: Finished<Review>): StageResult {
  const { v, lane, revision, drive, question, research, candidate, added } = message;
  const provenance = [...message.provenance, provenanceOf('review', revision, finished)];
  const review = finished.result;
  const common = { v, lane, drive, question, research, provenance };
  const toStorage = { ...common, revision, candidate, review, added };
  const rejection = { candidate, review };
  const toGeneration = {
    ...common,
    revision: revision + 1,
    rejection,
    added: addedBefore('generation', added),
  };
  if (review.hold !== undefined)
    return {
      kind: 'hold',
      status: 'held',
      waiting: waitingOf(review.hold, { message: toStorage }),
      topic: topics.dataset,
      records: [],
    };
  const again = review.verdict === 'revise';
  return {
    kind: 'emit',
    status: 'reviewed',
    topic: again ? topics.generation : topics.storage,
    records: [recordOf(questionIdOf(question), again ? toGeneration : toStorage)],
  };
}

function valuesOf({ question, research, candidate }: ReviewMessage, lane: Lane) {
  return {
    ...questionValues(question),
    reference: question.reference ?? '',
    research: findingsText(research),
    evidence: evidenceText(research.evidence, lane.recipes.generation.cite),
    candidate: presented(question, candidate, lane),
  };
}

function rubricText(rubric: Readonly<Record<string, string>>): string {
  return Object.entries(rubric)
    .map(([name, meaning]) => `- ${name}: ${meaning}`)
    .join('\n');
}
