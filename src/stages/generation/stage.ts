import type { Stage } from '../../streams/delivery/stage.ts';
import { asFailure, Failure } from '../../streams/failure.ts';
import type { WorkStore } from '../../streams/work/work.ts';
import { type Ask, askModel, sizeOf } from '../agent/agent.ts';
import type { ChatModel } from '../agent/chat-model.ts';
import { questionValues } from '../agent/question-values.ts';
import { CITE_INSTRUCTIONS, citedRightly, citingShape } from '../evidence/citing.ts';
import { evidenceText, findingsText } from '../evidence/shown.ts';
import { sharedSuffixOf, suffixOf } from '../lanes/lane.ts';
import type { LaneCache } from '../lanes/lane-cache.ts';
import { generationRecipeFor, type Recipes } from '../lanes/recipe.ts';
import { decodeMessage, type GenerationMessage, generationMessage, recordOf, workKeyOf } from '../message.ts';
import { provenanceOf } from '../provenance.ts';
import { type Question, questionIdOf } from '../question.ts';
import type { Topics } from '../stage-names.ts';
import { callCheckOf, calledRightly } from '../training-types/called-tools.ts';
import { shapeNameOf, typeIn } from '../training-types/index.ts';
import { type AnyTrainingType, formOf } from '../training-types/training-type.ts';
import { filledInstructions } from './instructions.ts';

export type GenerationDeps = Readonly<{
  topics: Topics;
  store: WorkStore<unknown>;
  model: ChatModel;
  lanes: LaneCache;
}>;

/** Stage 3: the generation agent writes a candidate, or a better one where the reviewer sent the last one back. */
export function generationStage({
  topics,
  store,
  model,
  lanes,
}: GenerationDeps): Stage<GenerationMessage, unknown> {
  return {
    name: 'generation',
    topic: topics.generation,
    store,
    decode: (record) => decodeMessage(generationMessage, record),
    workOf: (message) => workKeyOf('generation', message),
    accept: ({ lane }) => lanes.ready(lane, 'generation'),
    recognise: (finished) => finished,
    free: async ({ lane, question, revision }) => {
      const { candidate } = question.given ?? {};
      if (candidate === undefined || revision > 0) return undefined;
      const { recipes } = await lanes.get(lane);
      return { result: await imported(question, candidate, recipes), model: IMPORTED };
    },
    mostAttempts: ({ override }) => override?.maxAttempts,
    sizeOf: async (message, attempt) => sizeOf(model, await askOf(lanes, message), attempt),
    run: async (message, attempt) => {
      const { recipes } = await lanes.get(message.lane);
      const quotes = quotesToCite(recipes, message) ?? 0;
      const { trainingType, tools } = message.question;
      const check = await callCheckOf(typeNamed(trainingType, recipes), tools);
      const done = calledRightly(await askModel(model, await askOf(lanes, message), attempt), check);
      return citedRightly(done, quotes);
    },
    decide: ({ v, lane, revision, drive, question: asked, research, added, provenance }, finished) => {
      const question = withoutCandidate(asked);
      const story = [...provenance, provenanceOf('generation', revision, finished)];
      const candidate = finished.result;
      const about = { v, lane, revision, drive, question };
      const message = { ...about, research, candidate, added, provenance: story };
      return {
        kind: 'emit',
        status: 'generated',
        topic: topics.review,
        records: [recordOf(questionIdOf(question), message)],
      };
    },
  };
}

/** Who is named for an answer that somebody brought. */
const IMPORTED = 'imported';

/** A brought answer that does not fit its type is this one record's trouble. */
async function imported(question: Question, candidate: unknown, recipes: Recipes): Promise<unknown> {
  try {
    const type = typeNamed(question.trainingType, recipes);
    const { value } = type.parse(candidate, question);
    const fault = (await callCheckOf(type, question.tools))(value);
    if (fault === undefined) return value;
    throw new Failure('poison', 'bad_tool_call', `a call does not fit the tools:\n${fault}`);
  } catch (error) {
    const { message } = asFailure(error);
    throw new Failure('poison', 'bad_answer', `The answer that was brought: ${message}`, { cause: error });
  }
}

/** From here on the candidate stands in the message itself. */
function withoutCandidate(question: Question): Question {
  if (question.given?.candidate === undefined) return question;
  const { candidate: _, ...given } = question.given;
  return { ...question, given };
}

async function askOf(lanes: LaneCache, message: GenerationMessage): Promise<Ask<unknown>> {
  const lane = await lanes.get(message.lane);
  const { recipes } = lane;
  const type = typeNamed(message.question.trainingType, recipes);
  const entry = recipes.types?.[type.name];
  const { userTurn = 'rephrase' } = entry ?? {};
  const form = formOf(type, userTurn);
  const told = entry?.instructions ?? recipes.generation.instructions[type.name] ?? form.instructions;
  const instructions = filledInstructions(told, message.question, entry?.definition);
  const quotes = quotesToCite(recipes, message);
  const citing = quotes === undefined ? instructions : `${instructions}\n\n${CITE_INSTRUCTIONS}`;
  const values = { ...valuesOf(message, quotes !== undefined), instructions: citing };
  const { override } = message;
  const recipe = generationRecipeFor(recipes, type.name);
  const ask = { stage: 'generation', recipe, override, values };
  const suffix = suffixOf(lane, workKeyOf('generation', message));
  const shape = citingShape(shapeNameOf(type, userTurn, message.question.tools), quotes);
  const sharedSuffix = sharedSuffixOf(lane, 'generation', message.question);
  return { ...ask, suffix, sharedSuffix, answerName: 'candidate', answer: form.candidate, shape };
}

/** A type that nobody knows is this one record's trouble: it must not stop the rest. */
function typeNamed(name: string, recipes: Recipes): AnyTrainingType {
  const type = typeIn(recipes, name);
  if (type !== undefined) return type;
  throw new Failure('poison', 'unknown_training_type', `There is no training type named "${name}".`);
}

/** How many quotes the candidate may cite; `undefined` where it need not. */
function quotesToCite({ generation }: Recipes, { research }: GenerationMessage): number | undefined {
  const quotes = research.evidence?.length ?? 0;
  return generation.cite === true && quotes > 0 ? quotes : undefined;
}

function valuesOf({ question, research, rejection }: GenerationMessage, isCited: boolean) {
  return {
    ...questionValues(question),
    research: findingsText(research),
    evidence: evidenceText(research.evidence, isCited),
    previous: rejection === undefined ? '' : JSON.stringify(rejection.candidate, null, 1),
    feedback: rejection === undefined ? '' : reasonsOf(rejection.review),
  };
}

function reasonsOf({ scores, feedback }: NonNullable<GenerationMessage['rejection']>['review']): string {
  const reasons = Object.entries(scores).map(([name, { score, reason }]) => `${name} ${score}/10: ${reason}`);
  return [feedback, ...reasons].join('\n');
}
