import type { Observable } from 'rxjs';
import type { Budget } from '../streams/budget/budget.ts';
import { deadLetterTopic } from '../streams/delivery/dead-letter.ts';
import { type RunningStage, type RunStageDeps, runStage } from '../streams/delivery/run-stage.ts';
import type { Stage } from '../streams/delivery/stage.ts';
import type { StageEvent } from '../streams/delivery/stage-events.ts';
import type { StageTracer } from '../streams/delivery/stage-tracer.ts';
import { type CallGate, permitGate } from '../streams/limits/call-gate.ts';
import type { EndpointGate } from '../streams/limits/endpoint-gate.ts';
import { withHeadStart } from '../streams/limits/head-start.ts';
import { Permits } from '../streams/limits/permits.ts';
import { GroupProgress } from '../streams/log/group-progress.ts';
import type { Log } from '../streams/log/log.ts';
import type { StopSignals } from '../streams/stop.ts';
import { persistThrough } from '../streams/work/persist.ts';
import { type RetryOptions, retryPolicy } from '../streams/work/retry-policy.ts';
import type { UnsavedWrites } from '../streams/work/unsaved-writes.ts';
import type { ChatModel } from './agent/chat-model.ts';
import type { PieceFinder } from './evidence/finder.ts';
import { generationStage } from './generation/stage.ts';
import { inShadow, type Shadow } from './judges/in-shadow.ts';
import { shadowLog, shadowQuestions } from './judges/shadow-log.ts';
import { shadowGroupOf, shadowStageOf } from './judges/shadow-name.ts';
import { type Lacking, Lanes } from './lanes/lanes.ts';
import { inReprocess, inRepublish, type Replay, type Reprocess, type Republish } from './lanes/replay.ts';
import type { ExtraBodies } from './lanes/withheld.ts';
import { questionsStage } from './questions/stage.ts';
import { type StoredStep, storedStep } from './rebuilt-record.ts';
import { researchStage } from './research/stage.ts';
import { reviewStage } from './review/stage.ts';
import { verdictsStage } from './review/verdicts-stage.ts';
import {
  AGENT_STAGES,
  type AgentStage,
  groupOf,
  isAgentStage,
  STAGE_NAMES,
  type StageName,
  topicsOf,
} from './stage-names.ts';
import { storageStage } from './storage/stage.ts';
import type { Store } from './store/store.ts';

export type PipelineOptions = Readonly<{
  log: Log;
  store: Store;
  /** Where documents are searched. Absent: this process has none. */
  finder?: PieceFinder | undefined;
  namespace: string;
  model: ChatModel;
  /** Calls at once, per agent. */
  batchSizes: Readonly<Record<AgentStage, number>>;
  /** The endpoint that an agent calls; stages of one endpoint share its circuit and its limits. */
  endpointOf(stage: AgentStage): EndpointGate;
  /** What may be spent. */
  budget?: Budget | undefined;
  retry?: RetryOptions;
  /** Where paid answers wait for the store. */
  unsaved?: UnsavedWrites | undefined;
  /** How long a claim stands without a sign of life from its holder. */
  leaseMs?: number | undefined;
  /** Whether a person paused the stage: now, and at every change. Default: nobody did. */
  pausedOf?: ((stage: StageName) => Observable<boolean>) | undefined;
  /** Which stages work in this process. Default: all. */
  stages?: readonly StageName[] | undefined;
  /** Absent: nobody traces. */
  tracer?: StageTracer | undefined;
  /** Those of the settings, which no lane holds. Default: none. */
  extraBodies?: ExtraBodies | undefined;
  /** What of a lane cannot be worked in this process. Default: nothing. */
  lacking?: Lacking | undefined;
  stop: StopSignals;
  onEvent(event: StageEvent): void;
}>;

/** Records out per call at once: enough to keep every call busy while finished ones are being stored. */
const CREDITS_PER_CALL = 4;
const LEAST_CREDITS = 64;
/** Records of the stages that call nobody. */
const FREE_CREDITS = 256;

/** What a stage needs, however many calls it may make. */
export type StageOptions = Omit<PipelineOptions, 'batchSizes' | 'stages' | 'pausedOf'>;

/** What each stage does, bound to its topics and its own store. */
function stagesOf({ store, finder, namespace, model, extraBodies, lacking, stop, onEvent }: StageOptions) {
  const topics = topicsOf(namespace);
  const lanes = new Lanes(store.lanes, extraBodies, lacking);
  const persist = persistThrough(stop, (failure) =>
    onEvent({ kind: 'write-waits', stage: 'verdicts', failure }),
  );
  return {
    lanes,
    questions: questionsStage(topics, store.questions),
    research: researchStage({ topics, store: store.research, model, lanes, finder }),
    generation: generationStage({ topics, store: store.generations, model, lanes }),
    review: reviewStage({ topics, store: store.reviews, model, lanes }),
    storage: storageStage({ topics, store: store.dataset, lanes }),
    verdicts: verdictsStage({
      ...{ topics, store: store.verdicts, lanes },
      keep: (work, decision) => persist(() => store.desk.keep(work, decision)),
    }),
  };
}

/** The stages from research on, as what they have stored says it: to make records again that are gone. */
export function storedSteps(options: StageOptions): readonly StoredStep[] {
  const { research, generation, review, storage } = stagesOf(options);
  return [storedStep(research), storedStep(generation), storedStep(review), storedStep(storage)];
}

/** The stages of this process; what people decided is worked beside storage, where it goes. */
export type RunningStages = ReadonlyMap<StageName | 'verdicts', RunningStage>;

/**
 * The five stages in order, all at work at once: a question is researched while its neighbour is under review. Topics
 * have to exist.
 *
 * @param opened drains, when it is disposed of, every stage that was started: also those before one that was not.
 */
export function startPipeline(options: PipelineOptions, opened: AsyncDisposableStack): RunningStages {
  const stages = stagesOf(options);
  const wanted = options.stages ?? STAGE_NAMES;
  const running = new Map<StageName | 'verdicts', RunningStage>();
  const start = <Message, Result>(name: StageName | 'verdicts', stage: Stage<Message, Result>) => {
    const group = groupOf(options.namespace, name);
    const credits = creditsOf(options, name);
    const paused = name === 'verdicts' ? undefined : options.pausedOf?.(name);
    const deps = { ...depsOf(options, gateOf(options, name, name)), paused };
    const started = runStage(stage, deps, { group, credits, mayBeIdle: name === 'verdicts' });
    opened.defer(() => started.drain().catch(() => undefined));
    running.set(name, started);
  };
  if (wanted.includes('questions')) start('questions', stages.questions);
  if (wanted.includes('research')) start('research', stages.research);
  if (wanted.includes('generation')) start('generation', stages.generation);
  if (wanted.includes('review')) start('review', stages.review);
  if (wanted.includes('storage')) start('storage', stages.storage);
  if (wanted.includes('storage')) start('verdicts', stages.verdicts);
  return running;
}

/**
 * Reads the topic of one stage again, in a consumer group of its own: worked in another lane, or published again from
 * what is stored.
 */
export function startReplay(options: PipelineOptions, replay: Replay): RunningStage {
  return replay.mode === 'reprocess' ? startReprocess(options, replay) : startRepublish(options, replay);
}

function startReprocess(options: PipelineOptions, replay: Reprocess): RunningStage {
  const { research, generation, review } = stagesOf(options);
  const { stage, group } = replay;
  const deps = { ...depsOf(options, gateOf(options, stage, group)), paused: options.pausedOf?.(stage) };
  const credits = creditsOf(options, stage);
  switch (stage) {
    case 'research':
      return runStage(inReprocess(research, replay), deps, { group, credits });
    case 'generation':
      return runStage(inReprocess(generation, replay), deps, { group, credits });
    case 'review':
      return runStage(inReprocess(review, replay), deps, { group, credits });
    default:
      return stage satisfies never;
  }
}

function startRepublish(options: PipelineOptions, replay: Republish): RunningStage {
  const { questions, research, generation, review, storage } = stagesOf(options);
  const { stage, group } = replay;
  const deps = depsOf(options, gateOf(options, 'storage', group));
  switch (stage) {
    case 'questions':
      return runStage(inRepublish(questions, replay), deps, { group, credits: FREE_CREDITS });
    case 'research':
      return runStage(inRepublish(research, replay), deps, { group, credits: FREE_CREDITS });
    case 'generation':
      return runStage(inRepublish(generation, replay), deps, { group, credits: FREE_CREDITS });
    case 'review':
      return runStage(inRepublish(review, replay), deps, { group, credits: FREE_CREDITS });
    case 'storage':
      return runStage(inRepublish(storage, replay), deps, { group, credits: FREE_CREDITS });
    default:
      return stage satisfies never;
  }
}

/** A shadow judge, and at most so many calls of it at once. */
export type ShadowOptions = Omit<Shadow, 'settled' | 'lanes'> & Readonly<{ batchSize: number }>;

/**
 * Judges once more what the live judge has judged, in a consumer group of its own. Nothing is published, no question moves
 * and none dies of it: such a judge cannot, whatever it decides.
 *
 * @param options those of its own process, but with the model, the budget and the stop of the shadow judge.
 */
export function startShadow(options: StageOptions, { batchSize, ...shadow }: ShadowOptions): RunningStage {
  const { log, store, namespace, stop } = options;
  const { name, source } = shadow;
  const { review, lanes } = stagesOf(options);
  const live = { group: groupOf(namespace, 'review'), topic: review.topic, stop: stop.draining };
  const progress = new GroupProgress(log, live);
  const stage = inShadow(review, { ...shadow, lanes, settled: (record) => progress.passed(record) });
  const gate = options.endpointOf('review').stage(shadowStageOf(name), batchSize, { background: true });
  const deps = {
    ...depsOf(options, gate),
    log: shadowLog(log, name, store.shadows),
    questions: shadowQuestions(store.desk, source),
  };
  const credits = creditsFor(batchSize);
  return runStage(stage, deps, { group: shadowGroupOf(namespace, name), credits, mayBeIdle: true });
}

function depsOf(options: StageOptions, gate: CallGate): RunStageDeps {
  const { log, store, budget, stop, retry, unsaved, leaseMs, tracer, onEvent } = options;
  const policy = retryPolicy(retry);
  return { log, questions: store, gate, budget, policy, stop, unsaved, leaseMs, tracer, onEvent };
}

/** @param as how its callers are named to those who watch the endpoint. */
function gateOf(
  { batchSizes, endpointOf, stop, stages = STAGE_NAMES }: PipelineOptions,
  stage: StageName | 'verdicts',
  as: string,
): CallGate {
  if (!isAgentStage(stage)) return permitGate(new Permits(FREE_CREDITS, stop.draining));
  const endpoint = endpointOf(stage);
  const after = AGENT_STAGES.slice(AGENT_STAGES.indexOf(stage) + 1).filter((each) => stages.includes(each));
  const later = new Set(after.map(endpointOf).filter((each) => each !== endpoint));
  return withHeadStart(endpoint.stage(as, batchSizes[stage]), batchSizes[stage], [...later]);
}

function creditsOf({ batchSizes }: PipelineOptions, stage: StageName | 'verdicts'): number {
  if (!isAgentStage(stage)) return FREE_CREDITS;
  return creditsFor(batchSizes[stage]);
}

function creditsFor(batchSize: number): number {
  return Math.max(LEAST_CREDITS, CREDITS_PER_CALL * batchSize);
}

/** Every topic of a namespace: the stages', people's verdicts, the dead letters of both, and the ledger. */
export function pipelineTopics(namespace: string, partitions: number) {
  const topics = topicsOf(namespace);
  const worked = [...STAGE_NAMES, 'verdicts'] as const;
  const names = worked.flatMap((stage) => [topics[stage], deadLetterTopic(topics[stage])]);
  return [...names, topics.dataset].map((topic) => ({ topic, partitions }));
}
