import {
  type RunningStage,
  type RunStageDeps,
  type RunStageOptions,
  runStage,
} from '../streams/delivery/run-stage.ts';
import type { Stage } from '../streams/delivery/stage.ts';
import { inLaneOrder, type Way } from './added/in-lane-order.ts';
import { inReprocess, inRepublish, type Replayable, type Reprocess, type Republish } from './lanes/replay.ts';
import type { MessageVersion } from './message.ts';
import { type StoredStep, storedStep } from './rebuilt-record.ts';

type Bindable = Replayable & Readonly<{ v: MessageVersion }>;

/** A stage and what can be done with it, whatever its messages and results are. */
export type BoundStage = Readonly<{
  /** Works its topic. */
  start(deps: RunStageDeps, options: RunStageOptions): RunningStage;
  /** Works a part of its topic again, in another lane. */
  reprocess(replay: Reprocess, deps: RunStageDeps, options: RunStageOptions): RunningStage;
  /** Publishes again what it has stored. */
  republish(replay: Republish, deps: RunStageDeps, options: RunStageOptions): RunningStage;
  /** What it says to a record by what it has stored. */
  step(): StoredStep;
}>;

/** @param way where its records go on: to what their lane has next. */
export function bindStage<Message extends Bindable, Result>(
  own: Stage<Message, Result>,
  way: Way,
): BoundStage {
  const stage = inLaneOrder(own, way);
  return {
    start: (deps, options) => runStage(stage, deps, options),
    reprocess: (replay, deps, options) => runStage(inReprocess(stage, replay), deps, options),
    republish: (replay, deps, options) => runStage(inLaneOrder(inRepublish(own, replay), way), deps, options),
    step: () => storedStep(stage),
  };
}
