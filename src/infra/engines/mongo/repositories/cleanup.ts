import { shadowOfLane } from '../../../../stages/judges/shadow-name.ts';
import { MAIN_LANE } from '../../../../stages/lanes/lane.ts';
import {
  type CleanupRepository,
  type IdleLane,
  isUnsettled,
  oldLanes,
} from '../../../../stages/store/cleanup.ts';
import { questionKey } from '../../../../stages/store/question-key.ts';
import type { ReplayPlan } from '../../../../stages/store/replay-plan.ts';
import type { Repositories } from '../../../../stages/store/repositories/repositories.ts';
import type { LaneName, WorkKey } from '../../../../streams/work/work.ts';
import { allWorks, type Collections } from '../collections.ts';
import { dropCounters } from '../counts/erase-counted.ts';
import { statusesIn } from '../counts/lane-statuses.ts';
import { operation } from '../operation.ts';
import { countOldSteps, dropOldSteps, dropStepsOf } from './old-steps.ts';

/** What is old and settled in a database. */
export class MongoCleanup implements CleanupRepository {
  readonly #collections: Collections;
  readonly #repositories: Pick<Repositories, 'lanes' | 'replays'>;

  constructor(collections: Collections, repositories: Pick<Repositories, 'lanes' | 'replays'>) {
    this.#collections = collections;
    this.#repositories = repositories;
  }

  async idleLanes(before: Date): Promise<readonly IdleLane[]> {
    const lanes = await this.#repositories.lanes.list();
    const old = oldLanes(lanes, await this.openReplays(), before);
    const idle: IdleLane[] = [];
    for (const name of old) {
      if (!(await this.#isIdle(name, before))) continue;
      const questions = await operation('counting questions', () =>
        this.#collections.questions.countDocuments({ lane: name }),
      );
      idle.push({ name, questions });
    }
    return idle;
  }

  async busyLanes(): Promise<readonly LaneName[]> {
    const busy: LaneName[] = [];
    for (const { name } of await this.#repositories.lanes.list())
      if (name !== MAIN_LANE && (await this.#hasUnsettled(name))) busy.push(name);
    return busy;
  }

  /** The lane itself is deleted last, so that an interrupted run finds it again. */
  async dropLane(name: LaneName): Promise<void> {
    const { questions, submissions, dataset, rejections } = this.#collections;
    const { retractions, desk, decisions, shadowVerdicts, evidenceUses } = this.#collections;
    const { deadLetters, runs, replays, lanes } = this.#collections;
    const shadow = shadowOfLane(name);
    const keyed = { _id: { $gte: `${name}/`, $lt: `${name}0` } };
    await operation('deleting a lane', async () => {
      for (const works of allWorks(this.#collections)) await works.deleteMany(keyed);
      for (const outcomes of [dataset, rejections, retractions]) await outcomes.deleteMany(keyed);
      await desk.deleteMany(keyed);
      await decisions.deleteMany(keyed);
      await shadowVerdicts.deleteMany(keyed);
      if (shadow !== undefined) await shadowVerdicts.deleteMany({ shadow });
      await evidenceUses.deleteMany({ lane: name });
      await deadLetters.deleteMany(keyed);
      const ids = (await runs.find({ lane: name }, { projection: { _id: 1 } }).toArray()).map(
        ({ _id }) => _id,
      );
      await submissions.deleteMany({ run: { $in: ids }, lane: name });
      await questions.deleteMany(keyed);
      await dropCounters(this.#collections, name);
      await runs.deleteMany({ lane: name });
      await replays.deleteOne({ _id: name });
      await lanes.deleteOne({ _id: name });
    });
  }

  countClosedDeadLetters(before: Date): Promise<number> {
    return operation('counting dead letters', () =>
      this.#collections.deadLetters.countDocuments(closedBefore(before)),
    );
  }

  async dropClosedDeadLetters(before: Date): Promise<number> {
    const { deletedCount } = await operation('deleting dead letters', () =>
      this.#collections.deadLetters.deleteMany(closedBefore(before)),
    );
    return deletedCount;
  }

  countOldSteps(before: Date): Promise<number> {
    return operation('counting steps', () => countOldSteps(this.#collections, before));
  }

  dropOldSteps(before: Date): Promise<number> {
    return operation('deleting steps', () => dropOldSteps(this.#collections, before));
  }

  dropStepsOf(of: Pick<WorkKey, 'lane' | 'questionId'>): Promise<void> {
    return operation('deleting steps', () => dropStepsOf(this.#collections, questionKey(of)));
  }

  openReplays(): Promise<readonly ReplayPlan[]> {
    return this.#repositories.replays.unread();
  }

  async #isIdle(name: LaneName, before: Date): Promise<boolean> {
    if (await this.#hasUnsettled(name)) return false;
    const { questions, deadLetters } = this.#collections;
    const letters = { _id: { $gte: `${name}/`, $lt: `${name}0` }, state: { $ne: 'closed' as const } };
    return operation('looking at a lane', async () => {
      // Where every question has ended, the last end is the last that happened.
      const moved = await questions.findOne({ lane: name, endedAt: { $gte: before } });
      return moved === null && (await deadLetters.findOne(letters)) === null;
    });
  }

  async #hasUnsettled(lane: LaneName): Promise<boolean> {
    const found = await operation('looking at a lane', async () => {
      const open = (await statusesIn(this.#collections, lane)).filter(isUnsettled);
      const filter = { lane, status: { $in: open } };
      return this.#collections.questions.findOne(filter, { projection: { _id: 1 } });
    });
    return found !== null;
  }
}

function closedBefore(before: Date) {
  const unknown = { closedAt: null, at: { $lt: before.toISOString() } };
  return { state: 'closed' as const, $or: [{ closedAt: { $lt: before } }, unknown] };
}
