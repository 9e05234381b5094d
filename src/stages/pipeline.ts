import type { Observable } from 'rxjs';
import type { Budget } from '../streams/budget/budget.ts';
import { deadLetterTopic } from '../streams/delivery/dead-letter.ts';
import { type RunningStage, type RunStageDeps, runStage } from '../streams/delivery/run-stage.ts';
import type { StageEvent } from '../streams/delivery/stage-events.ts';
import type { StageTracer } from '../streams/delivery/stage-tracer.ts';
import { Failure } from '../streams/failure.ts';
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
import type { WorkKey } from '../streams/work/work.ts';
import { addedStage } from './added/stage.ts';
import type { ChatModel } from './agent/chat-model.ts';
import { type BoundStage, bindStage } from './bound-stage.ts';
import type { PieceFinder } from './evidence/finder.ts';
import { generationStage } from './generation/stage.ts';
import { inShadow, type Shadow } from './judges/in-shadow.ts';
import { shadowLog, shadowQuestions } from './judges/shadow-log.ts';
import { shadowGroupOf, shadowStageOf } from './judges/shadow-name.ts';
import type { ExtraBodies } from './lanes/extra-bodies.ts';
import { type Lacking, LaneCache } from './lanes/lane-cache.ts';
import type { Replay } from './lanes/replay.ts';
import { questionsStage } from './questions/stage.ts';
import type { StoredStep } from './rebuilt-record.ts';
import { researchStage } from './research/stage.ts';
import type { ToolsTold } from './research/tool-support.ts';
import { reviewStage } from './review/stage.ts';
import { verdictsStage } from './review/verdicts-stage.ts';
import {
  type AgentStage,
  agentNamed,
  groupOf,
  type StageName,
  stageNames,
  topicOf,
  topicsOf,
  type WorkedName,
  workedNames,
} from './stage-names.ts';
import { storageStage } from './storage/stage.ts';
import type { Decision } from './store/decision.ts';
import type { Store } from './store/store.ts';
import { addedRows, ourNextAfter, rowsAfter } from './table.ts';
import type { Tool } from './tools/tool.ts';

export type StagePipelineOptions = Readonly<{
  log: Log;
  store: Store;
  /** Where documents are searched. Absent: this process has none. */
  finder?: PieceFinder | undefined;
  /** The tools that research may use. Default: none. */
  tools?: readonly Tool[] | undefined;
  /** The gate of a tool. Absent: tools need no permission. */
  gateOf?: ((tool: Tool) => CallGate | undefined) | undefined;
  /** Called with models that cannot call tools. */
  toolsTold?: ToolsTold | undefined;
  namespace: string;
  model: ChatModel;
  /** Calls at once, per agent. */
  batchSizeOf(stage: AgentStage): number;
  /** The endpoint that an agent calls; stages of one endpoint share its circuit and its limits. */
  endpointOf(stage: AgentStage): EndpointGate;
  /** The budget. */
  budget?: Budget | undefined;
  retry?: RetryOptions;
  /** Where paid answers wait for the store. */
  unsaved?: UnsavedWrites | undefined;
  /** How long a claim is valid without being renewed. */
  leaseMs?: number | undefined;
  /** Whether a person has paused the stage, now and at each change. Default: no. */
  pausedOf?: ((stage: StageName) => Observable<boolean>) | undefined;
  /** Which stages work in this process. Default: all. */
  stages?: readonly StageName[] | undefined;
  /** Absent: nothing is traced. */
  tracer?: StageTracer | undefined;
  /** Those of the settings, which no lane holds. Default: none. */
  extraBodies?: ExtraBodies | undefined;
  /** The stages of a lane that cannot be worked in this process. Default: none. */
  lacking?: Lacking | undefined;
  stop: StopSignals;
  onEvent(event: StageEvent): void;
}>;

/** Records in hand per concurrent call: enough to keep all calls busy while finished ones are being stored. */
const CREDITS_PER_CALL = 2;
const LEAST_CREDITS = 64;
/** Records of the stages that call nobody. */
const FREE_CREDITS = 256;

/** What a stage needs, however many calls it may make. */
export type StageOptions = Omit<StagePipelineOptions, 'batchSizeOf' | 'stages' | 'pausedOf'>;

/** What each stage does, bound to its topics and its own store, in the order of the stream. */
function stagesOf(options: StageOptions): ReadonlyMap<WorkedName, BoundStage> {
  const { store, finder, namespace, model, stop, onEvent, tools, gateOf, toolsTold, retry } = options;
  const looking = { tools, gateOf, told: toolsTold, maxContentAttempts: retry?.maxContentAttempts };
  const topics = topicsOf(namespace);
  const lanes = lanesOf(options);
  const persist = persistThrough(stop, (failure) =>
    onEvent({ kind: 'write-waits', stage: 'verdicts', failure }),
  );
  const keep = (work: WorkKey, decision: Decision) => persist(() => store.reviewQueue.keep(work, decision));
  const way = { lanes, namespace };
  return new Map<WorkedName, BoundStage>([
    ['questions', bindStage(questionsStage(topics, store.questions), way)],
    [
      'research',
      bindStage(researchStage({ ...looking, topics, store: store.research, model, lanes, finder }), way),
    ],
    ['generation', bindStage(generationStage({ topics, store: store.generations, model, lanes }), way)],
    ['review', bindStage(reviewStage({ topics, store: store.reviews, model, lanes }), way)],
    ['storage', bindStage(storageStage({ topics, store: store.dataset, lanes }), way)],
    ['verdicts', bindStage(verdictsStage({ topics, store: store.verdicts, lanes, keep }), way)],
    ...addedRows().map(({ name, stage }): [WorkedName, BoundStage] => {
      const deps = { namespace, store: store.works(name), model, lanes, before: ourNextAfter(name) };
      return [name, bindStage(addedStage(stage, deps), way)];
    }),
  ]);
}

function stageOf(options: StageOptions, name: WorkedName): BoundStage {
  const stage = stagesOf(options).get(name);
  if (stage === undefined) throw new Failure('fatal', 'unknown_stage', `There is no stage named ${name}.`);
  return stage;
}

function lanesOf({ store, extraBodies, lacking }: StageOptions): LaneCache {
  return new LaneCache(store.lanes, extraBodies, lacking);
}

/** The stages behind the first, as what they have stored says it: to make records again that are gone. */
export function storedSteps(options: StageOptions): readonly StoredStep[] {
  const stages = stagesOf(options);
  return rowsAfter('questions').flatMap(({ name }) => stages.get(name)?.step() ?? []);
}

/** The stages of this process; what people decided is worked beside storage, where it goes. */
export type RunningStages = ReadonlyMap<WorkedName, RunningStage>;

/**
 * Starts all stages. They work at the same time: one question is researched while another is under review. The topics must
 * exist.
 *
 * @param opened drains every stage that was started when it is disposed of, also if a later stage could not be started.
 */
export function startPipeline(options: StagePipelineOptions, opened: AsyncDisposableStack): RunningStages {
  const wanted: ReadonlySet<WorkedName> = new Set(options.stages ?? stageNames());
  const running = new Map<WorkedName, RunningStage>();
  for (const [name, stage] of stagesOf(options)) {
    if (!wanted.has(name === 'verdicts' ? 'storage' : name)) continue;
    const group = groupOf(options.namespace, name);
    const credits = creditsOf(options, name);
    const paused = name === 'verdicts' ? undefined : options.pausedOf?.(name);
    const deps = { ...depsOf(options, gateOf(options, name, name)), paused };
    const started = stage.start(deps, { group, credits, mayBeIdle: name === 'verdicts' });
    opened.defer(() => started.drain().catch(() => undefined));
    running.set(name, started);
  }
  return running;
}

/**
 * Reads the topic of one stage again, in a separate consumer group, and either works the records in another lane or publishes
 * the stored results again.
 */
export function startReplay(options: StagePipelineOptions, replay: Replay): RunningStage {
  const { stage, group } = replay;
  const bound = stageOf(options, stage);
  if (replay.mode === 'republish') {
    const deps = depsOf(options, gateOf(options, 'storage', group));
    return bound.republish(replay, deps, { group, credits: FREE_CREDITS });
  }
  const deps = { ...depsOf(options, gateOf(options, stage, group)), paused: options.pausedOf?.(stage) };
  return bound.reprocess(replay, deps, { group, credits: creditsOf(options, stage) });
}

/** A shadow judge, and at most so many calls of it at once. */
export type ShadowOptions = Omit<Shadow, 'settled' | 'lanes'> & Readonly<{ batchSize: number }>;

/**
 * Starts a shadow judge, which judges again what the live judge has judged, in a separate consumer group. It cannot publish
 * anything, move a question or make a dead letter, whatever it decides.
 *
 * @param options those of its own process, but with the model, the budget and the stop of the shadow judge.
 */
export function startShadow(options: StageOptions, { batchSize, ...shadow }: ShadowOptions): RunningStage {
  const { log, store, namespace, stop, onEvent } = options;
  const { name, source } = shadow;
  const lanes = lanesOf(options);
  const topics = topicsOf(namespace);
  const review = reviewStage({ topics, store: store.reviews, model: options.model, lanes });
  const live = { group: groupOf(namespace, 'review'), topic: review.topic, stop: stop.draining };
  const onWait = (failure: Failure) => onEvent({ kind: 'write-waits', stage: review.name, failure });
  const progress = new GroupProgress(log, { ...live, onWait });
  const stage = inShadow(review, { ...shadow, lanes, settled: (record) => progress.passed(record) });
  const gate = options.endpointOf('review').stage(shadowStageOf(name), batchSize, { background: true });
  const ports = {
    log: shadowLog(log, name, store.shadows),
    questions: shadowQuestions(store.reviewQueue, source),
  };
  const group = shadowGroupOf(namespace, name);
  const credits = creditsFor(batchSize);
  return runStage(stage, { ...depsOf(options, gate), ...ports }, { group, credits, mayBeIdle: true });
}

function depsOf(options: StageOptions, gate: CallGate): RunStageDeps {
  const { log, store, budget, stop, retry, unsaved, leaseMs, tracer, onEvent } = options;
  const policy = retryPolicy(retry);
  return { log, questions: store, gate, budget, policy, stop, unsaved, leaseMs, tracer, onEvent };
}

/** @param as how its callers are named to those who watch the endpoint. */
function gateOf(
  { batchSizeOf, endpointOf, stop, stages = stageNames() }: StagePipelineOptions,
  stage: WorkedName,
  as: string,
): CallGate {
  const agent = agentNamed(stage);
  if (agent === undefined) return permitGate(new Permits(FREE_CREDITS, stop.draining));
  const endpoint = endpointOf(agent);
  const after = rowsAfter(agent).flatMap(({ name }) =>
    stages.includes(name) ? (agentNamed(name) ?? []) : [],
  );
  const later = new Set(after.map(endpointOf).filter((each) => each !== endpoint));
  const batchSize = batchSizeOf(agent);
  return withHeadStart(endpoint.stage(as, batchSize), batchSize, [...later]);
}

function creditsOf({ batchSizeOf }: StagePipelineOptions, stage: WorkedName): number {
  const agent = agentNamed(stage);
  return agent === undefined ? FREE_CREDITS : creditsFor(batchSizeOf(agent));
}

function creditsFor(batchSize: number): number {
  return Math.max(LEAST_CREDITS, CREDITS_PER_CALL * batchSize);
}

/** Every topic of a namespace: the stages', people's verdicts, the dead letters of both, and the ledger. */
export function pipelineTopics(namespace: string, partitions: number) {
  const worked = workedNames().map((name) => topicOf(namespace, name));
  const names = worked.flatMap((topic) => [topic, deadLetterTopic(topic)]);
  return [...names, topicOf(namespace, 'dataset')].map((topic) => ({ topic, partitions }));
}
