import type { DestinationStream, Logger } from 'pino';
import type { Subject } from 'rxjs';
import type { Settings } from '../../../infra/config/settings.ts';
import type { Engine } from '../../../infra/engines/engine.ts';
import type { OwnTool } from '../../../infra/tools/own/tool-definition.ts';
import type { ChatModel } from '../../../stages/agent/chat-model.ts';
import type { Lane } from '../../../stages/lanes/lane.ts';
import type { RunningStages, StagePipelineOptions } from '../../../stages/pipeline.ts';
import type { AgentStage, StageName } from '../../../stages/stage-names.ts';
import type { Alarms } from '../../../streams/alarms.ts';
import type { Budget } from '../../../streams/budget/budget.ts';
import type { StageEvent } from '../../../streams/delivery/stage-events.ts';
import type { EndpointGate } from '../../../streams/limits/endpoint-gate.ts';
import type { UnsavedWrites } from '../../../streams/work/unsaved-writes.ts';
import type { Shadows } from '../../judges/shadows.ts';
import type { Meter } from '../progress/meter.ts';
import type { Watchdogs } from '../watchdogs/start-watchdogs.ts';
import type { Differing, OldResults } from './run-lane.ts';
import type { SessionTools } from './session-tools.ts';
import type { StopController } from './stop-controller.ts';

export type SessionOptions = Readonly<{
  settings: Settings;
  /** Plays the agents instead of the model that the settings name. */
  model?: ChatModel | undefined;
  redo?: AgentStage | undefined;
  /** Gives the lane of all workers the recipes of these settings. Default: where several may work it, it keeps its own. */
  newRecipe?: boolean | undefined;
  /** Opens the lane of the session. Default: the lane of a run, by today's recipes. */
  openLane?: ((engine: Engine, namespace: string) => Promise<Lane>) | undefined;
  /** Which stages work in this process. Default: all. */
  stages?: readonly StageName[] | undefined;
  /** What research may look things up with, beside what settings and plugins name. */
  tools?: readonly OwnTool[] | undefined;
  /** Whether the shadow judges of the settings work beside the stages. Default: no. */
  shadows?: boolean | undefined;
  /** Hears what a person should know: what is waited for, what is the matter, and that it is over. */
  onNotice?: ((text: string) => void) | undefined;
  /** Where the lines of the log go, beside its file. */
  logTo?: DestinationStream | undefined;
  /** How long a record in hand may stand still before it is told. Default 120,000. */
  stuckMs?: number | undefined;
  /** Hears of everything from the first record on. */
  onEvent?: ((event: StageEvent) => void) | undefined;
}>;

/** The engine open, the lane ready, the five stages at work. */
export type Session = Readonly<{
  settings: Settings;
  namespace: string;
  simulated: boolean;
  model: ChatModel;
  engine: Engine;
  /** What research looks things up with, and who measures it. */
  sessionTools: SessionTools;
  lane: Lane;
  /** Results in this lane that were made by older recipes. */
  old: OldResults;
  /** Where these settings would make another recipe than the lane had: whose counts. */
  differing: Differing | undefined;
  stages: RunningStages;
  shadows: Shadows;
  /** What the agents call, by name: circuit, limits, and who waits. */
  endpoints: ReadonlyMap<string, EndpointGate>;
  events: Subject<StageEvent>;
  meter: Meter;
  alarms: Alarms;
  watchdogs: Watchdogs;
  logger: Logger;
  unsaved: UnsavedWrites;
  budget: Budget;
  stop: StopController;
  pipeline: StagePipelineOptions;
  /** Rejects with the Failure that makes going on pointless; never resolves. */
  broken: Promise<never>;
  /** Breaks the session: it drains, and `broken` rejects. */
  fail(failure: unknown): void;
  /**
   * Resolves as the work does; a stop gives it `drainMs`, and what the session needs to close counts in. Rejects with a Failure
   * of kind `outage` (`not_ended`) where it takes longer: a server is away.
   */
  within<T>(work: Promise<T>): Promise<T>;
  /**
   * Drains the stages and closes all that the session opened, in the time that a stop may take, as `within` has it. Calls in
   * flight finish first, unless the stop is aborted. The same promise each time.
   */
  close(): Promise<void>;
}>;

/** A simulated model works in a namespace of its own: nothing simulated can stand in for a paid answer. */
export function namespaceOf(settings: Settings, simulated: boolean): string {
  return simulated ? `${settings.namespace}-simulated` : settings.namespace;
}
