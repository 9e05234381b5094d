import { z } from 'zod';
import type { LaneName, WorkKey } from '../../../streams/work/work.ts';
import { shadowOfLane } from '../../judges/shadow-name.ts';
import { MAIN_LANE } from '../../lanes/lane.ts';
import { type CleanupRepository, type IdleLane, isUnsettled, oldLanes } from '../cleanup.ts';
import { UNCLOSED } from '../dead-letter-repository.ts';
import { questionKey } from '../question-key.ts';
import type { ReplayPlan } from '../replay-plan.ts';
import type { Reports, StatusCounts } from '../store.ts';
import { clear, pagesOf } from '../table/pages.ts';
import { readStored } from '../table/read-stored.ts';
import { remove, type Tables, tableOf, type Where } from '../table/table.ts';
import { EXAMPLES, WORKS } from './held-questions.ts';
import { LANES, type Lanes } from './lanes.ts';
import { REPLAYS, type Replays } from './replays.ts';
import { QUESTIONS, SUBMISSIONS } from './reports/question-tables.ts';
import { RUNS } from './runs.ts';

const VERDICTS = tableOf('shadow_verdicts', { id: 'text', shadow: 'text' });
const EVIDENCE = tableOf('evidence_uses', { id: 'text', lane: 'text' });
const DEAD_LETTERS = tableOf('dead_letters', {
  ...{ id: 'text', state: 'word', at: 'text', closedAt: 'time', lane: 'text', questionId: 'text' },
});
/** What is known by its lane first. */
const KEYED = [...WORKS, ...EXAMPLES, VERDICTS, DEAD_LETTERS];
const ENDED = tableOf('questions', { id: 'text', questionId: 'text', status: 'word' }, { endedAt: 'time' });
const endedRow = z.object({ id: z.string(), questionId: z.string(), status: z.string() });
export type EndedQuestion = Readonly<z.output<typeof endedRow>>;
/** A question's works have a few dozen steps, and nobody else has to wait longer than for these. */
export const STEPPED_AT_ONCE = 100;

/** The store that is cleaned up. */
export type Cleaned = Readonly<{ lanes: Lanes; replays: Replays; reports: Pick<Reports, 'counts'> }>;

/** What is old and settled. Steps lie where an engine keeps them, and so do counts. */
export abstract class Cleanup implements CleanupRepository {
  protected readonly tables: Tables;
  readonly #store: Cleaned;

  constructor(tables: Tables, store: Cleaned) {
    this.tables = tables;
    this.#store = store;
  }

  /** Which of the questions, by their keys, have steps. */
  protected abstract withSteps(keys: readonly string[]): Promise<readonly string[]>;
  protected abstract dropSteps(keys: readonly string[]): Promise<void>;
  /** Takes out what only this engine has of a lane: its counts, and what stands beside works. Its runs are still there. */
  protected abstract dropBeside(lane: LaneName): Promise<void>;

  async idleLanes(before: Date): Promise<readonly IdleLane[]> {
    const old = oldLanes(await this.#store.lanes.list(), await this.openReplays(), before);
    const idle: IdleLane[] = [];
    for (const name of old) {
      const counts = await this.#store.reports.counts(name);
      if (hasUnsettled(counts) || (await this.#isMoved(name, before))) continue;
      idle.push({ name, questions: Object.values(counts).reduce((sum, n) => sum + n, 0) });
    }
    return idle;
  }

  async busyLanes(): Promise<readonly LaneName[]> {
    const busy: LaneName[] = [];
    for (const { name } of await this.#store.lanes.list())
      if (name !== MAIN_LANE && hasUnsettled(await this.#store.reports.counts(name))) busy.push(name);
    return busy;
  }

  /** The lane itself is deleted last, so that an interrupted run finds it again. */
  async dropLane(name: LaneName): Promise<void> {
    const keyed = { id: { startsWith: `${name}/` } };
    for (const table of KEYED) await clear(this.tables, table, keyed);
    await clear(this.tables, EVIDENCE, { lane: name });
    const shadow = shadowOfLane(name);
    if (shadow !== undefined) await clear(this.tables, VERDICTS, { shadow });
    for (const { id: run } of await this.tables.page(RUNS, { where: { lane: name } }))
      await clear(this.tables, SUBMISSIONS, { run: String(run), lane: name }, 'questionId');
    await clear(this.tables, QUESTIONS, keyed);
    await this.dropBeside(name);
    await this.tables.write([
      remove(RUNS, { lane: name }),
      remove(REPLAYS, { id: name }),
      remove(LANES, { id: name }),
    ]);
  }

  countClosedDeadLetters(before: Date): Promise<number> {
    return this.tables.count(DEAD_LETTERS, closedBefore(before));
  }

  dropClosedDeadLetters(before: Date): Promise<number> {
    return clear(this.tables, DEAD_LETTERS, closedBefore(before));
  }

  async countOldSteps(before: Date): Promise<number> {
    let total = 0;
    for await (const keys of this.#oldSteps(before)) total += keys.length;
    return total;
  }

  async dropOldSteps(before: Date): Promise<number> {
    let total = 0;
    for await (const keys of this.#oldSteps(before)) {
      await this.dropSteps(keys);
      total += keys.length;
    }
    return total;
  }

  dropStepsOf(of: Pick<WorkKey, 'lane' | 'questionId'>): Promise<void> {
    return this.dropSteps([questionKey(of)]);
  }

  openReplays(): Promise<readonly ReplayPlan[]> {
    return this.#store.replays.unread();
  }

  /** Questions whose last end was before then, at most `STEPPED_AT_ONCE` at a time; one that goes on says so by its status. */
  protected async *endedBefore(before: Date): AsyncGenerator<readonly EndedQuestion[]> {
    const where = { endedAt: { lt: before.toISOString() } };
    const page = { where, order: ['id'], limit: STEPPED_AT_ONCE } as const;
    for await (const rows of pagesOf(this.tables, ENDED, page))
      yield rows.map((row) => readStored(endedRow, row));
  }

  /** Settled questions with steps that nothing open rests on, some at a time. */
  async *#oldSteps(before: Date): AsyncIterable<readonly string[]> {
    for await (const ended of this.endedBefore(before)) {
      const settled = ended.filter(({ status }) => !isUnsettled(status));
      const questionId = { in: settled.map((each) => each.questionId) };
      const unclosed = { where: { questionId, state: { in: UNCLOSED } } };
      const letters = await this.tables.page(DEAD_LETTERS, unclosed);
      const open = new Set(letters.map((letter) => `${letter['lane']}/${letter['questionId']}`));
      const keys = settled.map(({ id }) => id).filter((key) => !open.has(key));
      const stepped = keys.length === 0 ? [] : await this.withSteps(keys);
      if (stepped.length > 0) yield stepped;
    }
  }

  /** Where every question has ended, the last end is the last that happened. */
  async #isMoved(lane: LaneName, before: Date): Promise<boolean> {
    const id = { startsWith: `${lane}/` };
    const ended = { where: { id, lane, endedAt: { gte: before.toISOString() } }, limit: 1 };
    if ((await this.tables.page(QUESTIONS, ended)).length > 0) return true;
    return (
      (await this.tables.page(DEAD_LETTERS, { where: { id, state: { in: UNCLOSED } }, limit: 1 })).length > 0
    );
  }
}

function hasUnsettled(counts: StatusCounts): boolean {
  return Object.entries(counts).some(([status, n]) => n > 0 && isUnsettled(status));
}

/** Those of early versions do not say when they were closed. */
function closedBefore(before: Date): Where<(typeof DEAD_LETTERS)['fields']> {
  const lt = before.toISOString();
  return { state: 'closed', at: { lt }, any: [[{ closedAt: { lt } }, { closedAt: null }]] };
}
