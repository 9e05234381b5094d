import type { StatementSync } from 'node:sqlite';
import type { Usage } from '../../../../streams/failure.ts';
import type { Database } from '../database.ts';

export type TallyDelta = Readonly<{
  done?: number;
  dead?: number;
  failedAttempts?: number;
  usage?: Usage;
  costUsd?: number | null;
}>;

type Tally = { [name in (typeof COLUMNS)[number]]: number };

const COLUMNS = [
  'done',
  'dead',
  'failed_attempts',
  'input',
  'output',
  'cached',
  'reasoning',
  'cost_usd',
  'unpriced',
] as const;

const MINUTE_MS = 60_000;

/** Whose questions are counted: those of a lane, or those that a run asked for. */
export const laneScope = (lane: string) => `lane:${lane}`;
export const runScope = (run: string) => `run:${run}`;

/**
 * The numbers that people watch, kept exact: they change in the transaction of what they count, summed up in memory and
 * written once per transaction.
 */
export class Counters {
  readonly #statuses = new Map<string, Map<string, number>>();
  readonly #tallies = new Map<string, Tally>();
  readonly #ends = new Map<string, number>();
  readonly #addStatus: StatementSync;
  readonly #addTally: StatementSync;
  readonly #addEnds: StatementSync;

  constructor(db: Database) {
    this.#addStatus = db.prepare(
      'INSERT INTO status_counts (scope, status, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n',
    );
    const sums = COLUMNS.map((column) => `${column} = ${column} + excluded.${column}`).join(', ');
    const marks = COLUMNS.map(() => '?').join(', ');
    this.#addTally = db.prepare(
      `INSERT INTO tallies (lane, stage, recipe, ${COLUMNS.join(', ')}) VALUES (?, ?, ?, ${marks})
       ON CONFLICT DO UPDATE SET ${sums}`,
    );
    this.#addEnds = db.prepare(
      'INSERT INTO ends_per_minute (lane, minute, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n',
    );
    db.onBeforeCommit(() => this.#flush());
    db.onRollback(() => this.#clear());
  }

  /** Only inside a write. */
  addStatus(scope: string, status: string, delta: number): void {
    const ofScope = this.#statuses.get(scope) ?? new Map<string, number>();
    ofScope.set(status, (ofScope.get(status) ?? 0) + delta);
    this.#statuses.set(scope, ofScope);
  }

  /** Only inside a write. */
  addEnd(lane: string): void {
    this.#ends.set(lane, (this.#ends.get(lane) ?? 0) + 1);
  }

  /** Only inside a write. */
  addTally(lane: string, stage: string, recipe: string, delta: TallyDelta): void {
    const key = JSON.stringify([lane, stage, recipe]);
    const tally = this.#tallies.get(key) ?? emptyTally();
    tally.done += delta.done ?? 0;
    tally.dead += delta.dead ?? 0;
    tally.failed_attempts += delta.failedAttempts ?? 0;
    tally.input += delta.usage?.input ?? 0;
    tally.output += delta.usage?.output ?? 0;
    tally.cached += delta.usage?.cached ?? 0;
    tally.reasoning += delta.usage?.reasoning ?? 0;
    tally.cost_usd += delta.costUsd ?? 0;
    tally.unpriced += delta.costUsd === null ? 1 : 0;
    this.#tallies.set(key, tally);
  }

  #flush(): void {
    for (const [scope, deltas] of this.#statuses)
      for (const [status, delta] of deltas) this.#addStatus.run(scope, status, delta);
    for (const [key, tally] of this.#tallies)
      this.#addTally.run(...parseKey(key), ...COLUMNS.map((column) => tally[column]));
    const minute = Math.floor(Date.now() / MINUTE_MS);
    for (const [lane, count] of this.#ends) this.#addEnds.run(lane, minute, count);
    this.#clear();
  }

  #clear(): void {
    this.#statuses.clear();
    this.#tallies.clear();
    this.#ends.clear();
  }
}

function parseKey(key: string): string[] {
  return JSON.parse(key);
}

function emptyTally(): Tally {
  return {
    done: 0,
    dead: 0,
    failed_attempts: 0,
    input: 0,
    output: 0,
    cached: 0,
    reasoning: 0,
    cost_usd: 0,
    unpriced: 0,
  };
}
