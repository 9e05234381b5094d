import type { AttemptContext, AttemptResult, Stage } from '../../streams/delivery/stage.ts';
import type { WorkStore } from '../../streams/work/work.ts';
import { type Ask, askModel, sizeOf } from '../agent/agent.ts';
import type { ChatModel } from '../agent/chat-model.ts';
import { presented } from '../agent/presented.ts';
import { questionValues } from '../agent/question-values.ts';
import { evidenceText, findingsText } from '../evidence/shown.ts';
import { type Lane, sharedSuffixOf, suffixOf } from '../lanes/lane.ts';
import type { LaneCache } from '../lanes/lane-cache.ts';
import { recipeIn } from '../lanes/recipe.ts';
import { decodeMessage, workKeyOf } from '../message.ts';
import type { AddedName, OurStage } from '../rows.ts';
import { unpaidResult } from '../unpaid-result.ts';
import type { AddedStage } from './added-stage.ts';
import { decided } from './decided.ts';
import { failedPart, missingRecipe } from './failures.ts';
import { type AddedMessage, messageBefore } from './message.ts';
import { shownTo } from './shown-to.ts';

export type AddedDeps = Readonly<{
  namespace: string;
  store: WorkStore<unknown>;
  model: ChatModel;
  lanes: LaneCache;
  /** The stage of ours that comes next: its records are what the stage is shown. */
  before: OurStage;
}>;

/** A record that waited here when its lane gave the stage up: it goes on as if the stage had never been. */
const PASSED_BY = { result: null, model: '' };

type Asking = Extract<AddedStage, { asksModel: true }>;

/** A stage of a plugin, at work as ours are: it asks a model or works its result out, and decides where the question goes on. */
export function addedStage(definition: AddedStage, deps: AddedDeps): Stage<AddedMessage, unknown> {
  const { lanes, model, namespace, before } = deps;
  const name = definition.name as AddedName;
  const schema = messageBefore(before);
  const common = {
    name,
    topic: `${namespace}.${name}`,
    store: deps.store,
    decode: (record) => decodeMessage(schema, record),
    workOf: (message) => workKeyOf(name, message),
    accept: ({ lane }) => lanes.ready(lane, name),
    recognise: (finished) => finished,
    mostAttempts: ({ override }) => override?.maxAttempts,
    free: async ({ lane }) => (hasStage(await lanes.get(lane), name) ? undefined : PASSED_BY),
    decide: (message, finished) => {
      const maxRevisions = lanes.known(message.lane)?.recipes.review.maxRevisions ?? 0;
      return decided(definition, message, finished, { namespace, before, maxRevisions });
    },
  } satisfies Partial<Stage<AddedMessage, unknown>>;
  if (!definition.asksModel)
    return { ...common, run: (message, attempt) => worked(definition, message, attempt) };
  return {
    ...common,
    sizeOf: async (message, attempt) =>
      sizeOf(model, askOf(definition, await lanes.get(message.lane), message), attempt),
    run: async (message, attempt) =>
      askModel(model, askOf(definition, await lanes.get(message.lane), message), attempt),
  };
}

function askOf({ name, result }: Asking, lane: Lane, message: AddedMessage): Ask<unknown> {
  const { question, override, research } = message;
  const recipe = recipeIn(lane.recipes, name as AddedName);
  if (recipe === undefined) throw missingRecipe(name, lane.name);
  const values = {
    ...questionValues(question),
    reference: question.reference ?? '',
    research: research === undefined ? '' : findingsText(research),
    evidence: evidenceText(research?.evidence),
    candidate: message.candidate === undefined ? '' : presented(question, message.candidate, lane),
  };
  const suffix = suffixOf(lane, workKeyOf(name, message));
  const sharedSuffix = sharedSuffixOf(lane, name, question);
  return { stage: name, recipe, override, values, suffix, sharedSuffix, answerName: name, answer: result };
}

function hasStage({ recipes: { stages = [] } }: Lane, name: string): boolean {
  return stages.some((stage) => stage.name === name);
}

async function worked(
  { name, work, result }: Extract<AddedStage, { asksModel: false }>,
  message: AddedMessage,
  { signal }: AttemptContext,
): Promise<AttemptResult<unknown>> {
  try {
    const made = await work(shownTo(message), signal);
    return unpaidResult(result.parse(made));
  } catch (error) {
    throw failedPart(name, 'work', error);
  }
}
