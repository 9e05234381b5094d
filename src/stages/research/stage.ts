import type { Stage } from '../../streams/delivery/stage.ts';
import type { CallGate } from '../../streams/limits/call-gate.ts';
import type { WorkStore } from '../../streams/work/work.ts';
import { type Ask, type AskedParts, askModel, sizeOf } from '../agent/agent.ts';
import type { ChatModel } from '../agent/chat-model.ts';
import { questionValues } from '../agent/question-values.ts';
import type { PieceFinder } from '../evidence/finder.ts';
import { type Research, rememberedSchema, researchSchema } from '../example.ts';
import { type Lane, sharedSuffixOf, suffixOf } from '../lanes/lane.ts';
import type { LaneCache } from '../lanes/lane-cache.ts';
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
import type { Tool } from '../tools/tool.ts';
import type { OfferedTool } from './look-up-call.ts';
import { nextOf } from './next.ts';
import { ToolSupport, type ToolsTold } from './tool-support.ts';
import { callOf } from './turn.ts';

export type ResearchDeps = Readonly<{
  topics: Topics;
  store: WorkStore<Research>;
  model: ChatModel;
  lanes: LaneCache;
  /** Where documents are searched. Absent: this process has none. */
  finder?: PieceFinder | undefined;
  /** What the model may look things up with. Default: nothing. */
  tools?: readonly Tool[] | undefined;
  /** Where a tool asks for leave. Absent: it need not. */
  gateOf?: ((tool: Tool) => CallGate | undefined) | undefined;
  /** Answers in a row that cannot be used, before a work dies of them. Default 4. */
  maxContentAttempts?: number | undefined;
  told?: ToolsTold | undefined;
}>;

const MAX_CONTENT_ATTEMPTS = 4;

/** What nobody was asked for. */
const NOTHING: Research = { summary: '', keyPoints: [], caveats: [] };

/** Stage 2: the research agent gathers what an answer has to rest on. */
export function researchStage({
  topics,
  store,
  model,
  lanes,
  finder,
  tools = [],
  gateOf,
  maxContentAttempts = MAX_CONTENT_ATTEMPTS,
  told,
}: ResearchDeps): Stage<ResearchMessage, Research> {
  const support = new ToolSupport(told);
  const offered = offeredTools(tools, gateOf);
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
    sizeOf: async (message, attempt) =>
      sizeOf(model, fromMemory(await lanes.get(message.lane), message), attempt),
    byStep: async (message) => {
      const lane = await lanes.get(message.lane);
      const { lookUp: how } = lane.recipes.research;
      if (how === undefined || how.mode === 'none') return undefined;
      const { question, drive, override } = message;
      return nextOf({
        ...{ how, finder, model, asked: partsOf(lane, message), question, drive, support },
        tools: how.mode === 'tools' ? await offered(Object.keys(how.tools)) : new Map(),
        maxContentAttempts: override?.maxAttempts ?? maxContentAttempts,
      });
    },
    callOf,
    run: async (message, attempt) =>
      askModel(model, fromMemory(await lanes.get(message.lane), message), attempt),
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
}

function partsOf(lane: Lane, message: ResearchMessage): AskedParts {
  const { question, override } = message;
  const recipe = lane.recipes.research;
  const sharedSuffix = sharedSuffixOf(lane, 'research', question);
  const suffix = suffixOf(lane, workKeyOf('research', message));
  return { stage: 'research', recipe, override, values: questionValues(question), suffix, sharedSuffix };
}

function fromMemory(lane: Lane, message: ResearchMessage): Ask<Research> {
  return { ...partsOf(lane, message), answerName: 'research', answer: rememberedSchema };
}

/** The tools of this process by name, as a lane may call them: what checks their arguments is made once, when somebody may. */
function offeredTools(
  tools: readonly Tool[],
  gateOf: ((tool: Tool) => CallGate | undefined) | undefined,
): (names: readonly string[]) => Promise<ReadonlyMap<string, OfferedTool>> {
  let all: Promise<readonly OfferedTool[]> | undefined;
  const make = async () => {
    const { schemaChecker } = await import('../question-parts/schema-checker.ts');
    return tools.map((tool) => ({ tool, check: schemaChecker(tool.parameters), gate: gateOf?.(tool) }));
  };
  return async (names) => {
    all ??= make();
    const meant = (await all).filter(({ tool }) => names.includes(tool.name));
    return new Map(meant.map((each) => [each.tool.name, each]));
  };
}
