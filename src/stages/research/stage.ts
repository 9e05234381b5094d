import type { Stage } from '../../streams/delivery/stage.ts';
import type { WorkStore } from '../../streams/work/work.ts';
import { type Ask, askModel, sizeOf } from '../agent/agent.ts';
import type { ChatModel } from '../agent/chat-model.ts';
import { questionValues } from '../agent/question-values.ts';
import { type Research, researchSchema } from '../example.ts';
import { suffixOf } from '../lanes/lane.ts';
import type { Lanes } from '../lanes/lanes.ts';
import { decodeMessage, type ResearchMessage, recordOf, researchMessage, workKeyOf } from '../message.ts';
import { provenanceOf } from '../provenance.ts';
import { questionIdOf } from '../question.ts';
import type { Topics } from '../stage-names.ts';

export type ResearchDeps = Readonly<{
  topics: Topics;
  store: WorkStore<Research>;
  model: ChatModel;
  lanes: Lanes;
}>;

/** Stage 2: the research agent gathers what an answer has to rest on. */
export function researchStage({
  topics,
  store,
  model,
  lanes,
}: ResearchDeps): Stage<ResearchMessage, Research> {
  return {
    name: 'research',
    topic: topics.research,
    store,
    decode: (record) => decodeMessage(researchMessage, record),
    workOf: (message) => workKeyOf('research', message),
    accept: ({ lane }) => lanes.ready(lane),
    recognise: (finished) => {
      const { data: result } = researchSchema.safeParse(finished.result);
      return result === undefined ? undefined : { ...finished, result };
    },
    mostAttempts: ({ override }) => override?.maxAttempts,
    sizeOf: async (message, attempt) => sizeOf(model, await askOf(lanes, message), attempt),
    run: async (message, attempt) => askModel(model, await askOf(lanes, message), attempt),
    decide: ({ v, lane, revision, drive, question }, finished) => {
      const provenance = [provenanceOf('research', revision, finished)];
      const message = { v, lane, revision, drive, question, research: finished.result, provenance };
      return {
        kind: 'emit',
        status: 'researched',
        topic: topics.generation,
        records: [recordOf(questionIdOf(question), message)],
      };
    },
  };
}

async function askOf(lanes: Lanes, message: ResearchMessage): Promise<Ask<Research>> {
  const lane = await lanes.get(message.lane);
  const { question, override } = message;
  const recipe = lane.recipes.research;
  const suffix = suffixOf(lane, workKeyOf('research', message));
  const ask = { stage: 'research', recipe, override, values: questionValues(question), suffix };
  return { ...ask, answerName: 'research', answer: researchSchema };
}
