import { ENDS } from '../../streams/delivery/question-status.ts';
import type { LaneName, WorkKey } from '../../streams/work/work.ts';
import { type Lane, MAIN_LANE } from '../lanes/lane.ts';
import type { ReplayPlan } from './replay-plan.ts';

/** A lane that nothing happens in any more. */
export type IdleLane = Readonly<{ name: LaneName; questions: number }>;

/**
 * What of a store is old and settled. Never anything that an open question, dead letter or replay rests on. Deletions go
 * in small steps beside whoever is at work, and are safe to repeat. Rejects with Failures.
 */
export interface CleanupRepository {
  /**
   * Lanes other than `main` in which every question has come to its end and no dead letter is open, with nothing changed
   * since `before`; but none that an open replay or a lane that stays was made from, and never that of a shadow judge, in
   * which there is no question that could be open.
   */
  idleLanes(before: Date): Promise<readonly IdleLane[]>;
  /** Lanes other than `main` in which some question is still on its way or waits for a person. */
  busyLanes(): Promise<readonly LaneName[]>;
  /**
   * Deletes a lane with its questions, works, examples, dead letters, runs and counts, and with what shadow judges said
   * about it. With the lane of a shadow judge goes everything that it said.
   */
  dropLane(name: LaneName): Promise<void>;
  countClosedDeadLetters(before: Date): Promise<number>;
  dropClosedDeadLetters(before: Date): Promise<number>;
  /** How many settled questions have steps and ended before then; not those with an open dead letter, whose works go on behind theirs. */
  countOldSteps(before: Date): Promise<number>;
  /** Takes the steps of those questions out; their results, and what they cost, stay. Resolves with how many questions had some. */
  dropOldSteps(before: Date): Promise<number>;
  /** Takes out the steps of a question in a lane, however it stands: who is at work on it finds its next step lost, and begins anew. */
  dropStepsOf(of: Pick<WorkKey, 'lane' | 'questionId'>): Promise<void>;
  /** Replays whose source is not read to its end yet. */
  openReplays(): Promise<readonly ReplayPlan[]>;
}

/** Where a question stands with which nothing more happens: one that waits for a person is at an end of its own, but not settled. */
const SETTLED = ENDS.filter((end) => end !== 'held');

/** Whether something may still happen to a question that stands there. */
export function isUnsettled(status: string): boolean {
  return !SETTLED.some((each) => each === status);
}

/** Lanes that nobody may be at work for: if nothing is open in one of them, it is idle. */
export function oldLanes(
  lanes: readonly Lane[],
  replays: readonly ReplayPlan[],
  before: Date,
): readonly LaneName[] {
  return lanes
    .filter(({ name, shadow }) => name !== MAIN_LANE && shadow === undefined)
    .filter(({ createdAt }) => new Date(createdAt) < before)
    .filter(({ name }) => !lanes.some(({ parent }) => parent === name))
    .filter(({ name }) => !replays.some((replay) => rests(replay, name)))
    .map(({ name }) => name);
}

/** Whether a replay reads from the lane or writes into it. */
function rests({ wish: request, name, lane: opened }: ReplayPlan, lane: string): boolean {
  return request.source === lane || name === lane || opened?.name === lane;
}
