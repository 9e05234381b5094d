import type { StatementSync } from 'node:sqlite';
import type { z } from 'zod';
import { readStored } from '../../../../stages/store/table/read-stored.ts';
import { answeringAttempt } from '../../../../streams/work/attempts.ts';
import type { Step } from '../../../../streams/work/step.ts';
import type {
  Attempt,
  Claim,
  Finished,
  HeldWork,
  Token,
  WorkId,
  WorkKey,
  WorkStore,
} from '../../../../streams/work/work.ts';
import { workIdOf } from '../../../../streams/work/work.ts';
import type { Database } from '../database.ts';
import { forgottenMarks } from '../repositories/forgotten-marks.ts';
import type { ClaimOwner } from './claim-owner.ts';
import type { Counters } from './counters.ts';
import type { DeadLetterClosing } from './dead-letter-closing.ts';
import { rowOf, StepTable } from './step-table.ts';
import { answerColumns, readWork, type WorkRow } from './work-row.ts';

/** Claims and results of one paid stage, in a table of its own. */
export class SqliteWorkStore<Result> implements WorkStore<Result> {
  readonly #db: Database;
  readonly #counters: Counters;
  readonly #owner: ClaimOwner;
  readonly #deadLetters: DeadLetterClosing;
  readonly #steps: StepTable;
  readonly #stage: string;
  readonly #schema: z.ZodType<Result>;
  readonly #isForgotten: (questionId: string) => boolean;
  readonly #sql: Readonly<Record<'find' | 'held' | 'insert' | 'take' | 'renew' | 'release', StatementSync>>;
  readonly #end: Readonly<Record<'attempts' | 'complete' | 'bury' | 'publish', StatementSync>>;

  /** @param schema checks each result that is read. */
  constructor(
    db: Database,
    shared: Readonly<{ counters: Counters; owner: ClaimOwner; deadLetters: DeadLetterClosing }>,
    names: Readonly<{ stage: string; table: string }>,
    schema: z.ZodType<Result>,
  ) {
    const { table } = names;
    const held = `WHERE id = ? AND token = ? AND state = 'claimed'`;
    this.#db = db;
    this.#counters = shared.counters;
    this.#owner = shared.owner;
    this.#deadLetters = shared.deadLetters;
    this.#steps = new StepTable(db);
    this.#stage = names.stage;
    this.#schema = schema;
    this.#isForgotten = forgottenMarks(db);
    this.#sql = {
      find: db.prepare(`SELECT * FROM ${table} WHERE id = ?`),
      held: db.prepare(`SELECT 1 FROM ${table} ${held}`),
      insert: db.prepare(
        `INSERT INTO ${table} (id, lane, question_id, revision, state, token, drive, updated_ms)
         VALUES (?, ?, ?, ?, 'claimed', ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      ),
      take: db.prepare(
        `UPDATE ${table} SET state = 'claimed', token = ?, renewal = 0, drive = ?, updated_ms = ? WHERE id = ?`,
      ),
      renew: db.prepare(`UPDATE ${table} SET renewal = renewal + 1 ${held}`),
      release: db.prepare(`UPDATE ${table} SET token = '' ${held}`),
    };
    this.#end = {
      attempts: db.prepare(`UPDATE ${table} SET attempts = ? ${held}`),
      complete: db.prepare(
        `UPDATE ${table} SET state = 'done', result = ?, model = ?, recipe = ?, usage = ?, cost_usd = ?, updated_ms = ?,
           attempts = ?, packed = ? ${held}`,
      ),
      bury: db.prepare(`UPDATE ${table} SET state = 'dead', updated_ms = ? ${held}`),
      publish: db.prepare(`UPDATE ${table} SET published = 1 WHERE id = ?`),
    };
  }

  async find(key: WorkKey): Promise<Finished<Result> | undefined> {
    const row = this.#find(workIdOf(key));
    return row?.state === 'done' ? this.#finished(row) : undefined;
  }

  claim(key: WorkKey): Promise<Claim<Result>> {
    return this.#claim(key, ({ state, token, drive }) =>
      state === 'claimed' ? !this.#owner.isOurs(token) : state === 'dead' && key.drive > drive,
    );
  }

  takeOver(key: WorkKey, seen: Readonly<{ token: Token; renewal: number }>): Promise<Claim<Result>> {
    const isUnchanged = ({ state, token, renewal }: WorkRow) =>
      state === 'claimed' && token === seen.token && renewal === seen.renewal;
    return this.#claim(key, isUnchanged);
  }

  renew(held: readonly HeldWork[]): Promise<readonly WorkId[]> {
    return this.#db.write(() =>
      held.filter(({ workId, token }) => changed(this.#sql.renew.run(workId, token)) === 0).map(idOf),
    );
  }

  async release({ workId, token }: HeldWork): Promise<void> {
    await this.#db.write(() => this.#sql.release.run(workId, token));
  }

  async recordAttempt({ workId, token }: HeldWork, attempt: Attempt): Promise<void> {
    await this.#db.write(() => {
      const row = this.#find(workId);
      if (row?.token !== token) return;
      // A repeated write finds its attempt recorded, and counts it no second time.
      if (
        row.attempts.some(
          ({ startedAt, number }) => startedAt === attempt.startedAt && number === attempt.number,
        )
      )
        return;
      this.#end.attempts.run(JSON.stringify([...row.attempts, attempt]), workId, token);
      const { usage, costUsd } = attempt;
      this.#counters.addTally(row.lane, this.#stage, '', { failedAttempts: 1, usage, costUsd });
    });
  }

  async steps(workId: WorkId): Promise<readonly Step[]> {
    return this.#steps.of(workId);
  }

  appendStep({ workId, token }: HeldWork, step: Step): Promise<'stored' | 'lost'> {
    const row = rowOf(step);
    return this.#db.write(() => {
      const held = this.#sql.held.get(workId, token);
      const appended = held === undefined ? 'misplaced' : this.#steps.append(workId, row);
      const { usage, costUsd, failed } = step;
      const paid = { usage, costUsd, failedAttempts: failed === true ? 1 : 0 };
      if (appended === 'added') this.#counters.addTally(laneOf(workId), this.#stage, '', paid);
      return appended === 'misplaced' ? 'lost' : 'stored';
    });
  }

  async dropSteps({ workId, token }: HeldWork): Promise<void> {
    await this.#db.write(() => {
      if (this.#sql.held.get(workId, token) !== undefined) this.#steps.drop(workId);
    });
  }

  complete({ workId, token }: HeldWork, finished: Finished<Result>): Promise<'stored' | 'lost'> {
    return this.#db.write(() => {
      const { result, model, recipe, costUsd, attempts } = finished;
      const last = answeringAttempt(finished);
      const kept = answerColumns({ attempts, result });
      const answer = [kept.result, model, recipe, JSON.stringify(finished.usage), costUsd] as const;
      const at = Date.now();
      const stored = this.#end.complete.run(...answer, at, kept.attempts, kept.packed, workId, token);
      if (changed(stored) === 0) {
        const row = this.#find(workId);
        return row?.state === 'done' && row.token === token ? 'stored' : 'lost';
      }
      // A crash between a dead letter and its burial lets the work be tried once more: it has one end all the same.
      this.#deadLetters.closeNow(workId);
      const paid = last === undefined ? {} : { usage: last.usage, costUsd: last.costUsd };
      this.#counters.addTally(laneOf(workId), this.#stage, recipe, { done: 1, ...paid });
      return 'stored';
    });
  }

  bury({ workId, token }: HeldWork): Promise<'stored' | 'lost'> {
    return this.#db.write(() => {
      const row = this.#find(workId);
      if (row?.token !== token) return 'lost';
      if (row.state === 'dead') return 'stored';
      if (changed(this.#end.bury.run(Date.now(), workId, token)) === 0) return 'lost';
      this.#counters.addTally(row.lane, this.#stage, '', { dead: 1 });
      return 'stored';
    });
  }

  async markPublished(workIds: readonly WorkId[]): Promise<void> {
    await this.#db.write(() => {
      for (const workId of workIds) this.#end.publish.run(workId);
    });
  }

  #find(workId: WorkId): WorkRow | undefined {
    const row = this.#sql.find.get(workId);
    return row === undefined ? undefined : readWork(row);
  }

  /** What nobody has claimed yet, and what stands there and `isFree`. */
  #claim(key: WorkKey, isFree: (row: WorkRow) => boolean): Promise<Claim<Result>> {
    return this.#db.write(() => {
      if (this.#isForgotten(key.questionId)) return { kind: 'forgotten' };
      const token = this.#insert(key);
      if (token !== undefined) return { kind: 'claimed', token, attempts: [] };
      const row = readWork(this.#sql.find.get(workIdOf(key)));
      return isFree(row) ? this.#take(key, row) : this.#existing(row);
    });
  }

  /** The token of a new claim, or `undefined` where something stands already. */
  #insert(key: WorkKey): Token | undefined {
    const token = this.#owner.newToken();
    const { lane, questionId, revision, drive } = key;
    const inserted = this.#sql.insert.run(
      workIdOf(key),
      lane,
      questionId,
      revision,
      token,
      drive,
      Date.now(),
    );
    return changed(inserted) === 1 ? token : undefined;
  }

  #take(key: WorkKey, { attempts }: WorkRow): Claim<Result> {
    const token = this.#owner.newToken();
    this.#sql.take.run(token, key.drive, Date.now(), workIdOf(key));
    const steps = this.#steps.count(workIdOf(key));
    return { kind: 'claimed', token, attempts, ...(steps === 0 ? {} : { steps }) };
  }

  #existing(row: WorkRow): Claim<Result> {
    switch (row.state) {
      case 'claimed':
        return { kind: 'held', token: row.token, renewal: row.renewal };
      case 'dead':
        return { kind: 'dead' };
      case 'done':
        return { kind: 'done', finished: this.#finished(row), published: row.published };
      default:
        return row.state satisfies never;
    }
  }

  #finished({ result, model, recipe, usage, costUsd, attempts }: WorkRow): Finished<Result> {
    return { result: readStored(this.#schema, result), model, recipe, usage, costUsd, attempts };
  }
}

const laneOf = (workId: WorkId): string => workId.slice(0, workId.indexOf('/'));
const idOf = ({ workId }: HeldWork): WorkId => workId;
const changed = ({ changes }: { changes: number | bigint }): number => Number(changes);
