import type { AttemptContext, AttemptResult, Stage } from '../../streams/delivery/stage.ts';
import type { WorkStore } from '../../streams/work/work.ts';
import { type Ask, askModel, sizeOf } from '../agent/agent.ts';
import type { ChatModel } from '../agent/chat-model.ts';
import { questionValues } from '../agent/question-values.ts';
import type { PieceFinder } from '../evidence/finder.ts';
import { type Research, rememberedSchema, researchSchema } from '../example.ts';
import { type Lane, sharedSuffixOf, suffixOf } from '../lanes/lane.ts';
import type { Lanes } from '../lanes/lanes.ts';
import {
  decodeMessage,
  type ResearchMessage,
  recordOf,
  researchMessage,
  versionWith,
  workKeyOf,
} from '../message.ts';
import { provenanceOf } from '../provenance.ts';
import { questionIdOf } from '../question.ts';
import type { Topics } from '../stage-names.ts';
import { type AskedParts, lookUp, sizeOfLookUp } from './look-up.ts';

export type ResearchDeps = Readonly<{
  topics: Topics;
  store: WorkStore<Research>;
  model: ChatModel;
  lanes: Lanes;
  /** Where documents are searched. Absent: this process has none. */
  finder?: PieceFinder | undefined;
}>;

/** What nobody was asked for. */
const NOTHING: Research = { summary: '', keyPoints: [], caveats: [] };

/** Stage 2: the research agent gathers what an answer has to rest on. */
export function researchStage({
  topics,
  store,
  model,
  lanes,
  finder,
}: ResearchDeps): Stage<ResearchMessage, Research> {
  return {
    name: 'research',
    topic: topics.research,
    store,
    decode: (record) => decodeMessage(researchMessage, record),
    workOf: (message) => workKeyOf('research', message),
    accept: ({ lane }) => lanes.ready(lane, 'research'),
    recognise: (finished) => {
      const { data: result } = researchSchema.safeParse(finished.result);
      return result === undefined ? undefined : { ...finished, result };
    },
    free: async ({ lane, question: { given } }) => {
      const { lookUp: how } = (await lanes.get(lane)).recipes.research;
      // The model's own knowledge was not asked for where somebody brought the answer.
      const needless =
        how === undefined ? given !== undefined && given.research !== true : how.mode === 'none';
      return needless ? { result: NOTHING, model: '' } : undefined;
    },
    mostAttempts: ({ override }) => override?.maxAttempts,
    sizeOf: async (message, attempt) => {
      const lane = await lanes.get(message.lane);
      const asked = partsOf(lane, message);
      const { lookUp: how } = lane.recipes.research;
      if (how === undefined || how.mode === 'none') return sizeOf(model, fromMemory(asked), attempt);
      return sizeOfLookUp({ how, finder, model, asked, question: message.question }, attempt);
    },
    run: async (message, attempt) => research(await lanes.get(message.lane), message, attempt),
    decide: ({ v, lane, revision, drive, question, added, provenance: earlier = [] }, finished) => {
      const provenance = [...earlier, provenanceOf('research', revision, finished)];
      const research = finished.result;
      const about = { v: versionWith(research, v), lane, revision, drive, question };
      const message = { ...about, research, added, provenance };
      return {
        kind: 'emit',
        status: 'researched',
        topic: topics.generation,
        records: [recordOf(questionIdOf(question), message)],
      };
    },
  };

  async function research(
    lane: Lane,
    message: ResearchMessage,
    attempt: AttemptContext,
  ): Promise<AttemptResult<Research>> {
    const asked = partsOf(lane, message);
    const { lookUp: how } = lane.recipes.research;
    if (how === undefined || how.mode === 'none') return askModel(model, fromMemory(asked), attempt);
    return lookUp({ how, finder, model, asked, question: message.question }, attempt);
  }
}

function partsOf(lane: Lane, message: ResearchMessage): AskedParts {
  const { question, override } = message;
  const recipe = lane.recipes.research;
  const sharedSuffix = sharedSuffixOf(lane, 'research', question);
  const suffix = suffixOf(lane, workKeyOf('research', message));
  return { stage: 'research', recipe, override, values: questionValues(question), suffix, sharedSuffix };
}

function fromMemory(asked: AskedParts): Ask<Research> {
  return { ...asked, answerName: 'research', answer: rememberedSchema };
}
