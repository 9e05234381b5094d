import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { usageSchema } from '../../../../src/stages/example.ts';
import type { DeadLetters } from '../../../../src/stages/store/repositories/dead-letters.ts';
import { branded, jsonText, readStored } from '../../../../src/stages/store/table/read-stored.ts';
import { attemptSchema, stepSchema } from '../../../../src/stages/store/table/schemas.ts';
import {
  type Assignments,
  insert,
  type Table,
  tableOf,
  update,
  type Where,
} from '../../../../src/stages/store/table/table.ts';
import type { PaidWorks } from '../../../../src/stages/table.ts';
import { NO_USAGE, type Usage } from '../../../../src/streams/failure.ts';
import { answeringAttempt } from '../../../../src/streams/work/attempts.ts';
import type { Step } from '../../../../src/streams/work/step.ts';
import {
  type Attempt,
  type Claim,
  type Finished,
  type HeldWork,
  type Token,
  type WorkId,
  type WorkKey,
  type WorkStore,
  workIdOf,
} from '../../../../src/streams/work/work.ts';
import type { MemoryTables } from './tables.ts';

const worksIn = (name: PaidWorks) =>
  tableOf(name, {
    ...{ id: 'text', lane: 'text', questionId: 'text', stage: 'text', revision: 'number', drive: 'number' },
    ...{ state: 'word', token: 'text', renewal: 'number', published: 'flag', updatedAt: 'time' },
    ...{ attempts: 'json', steps: 'json', result: 'text', model: 'text', recipe: 'text', usage: 'json' },
    ...{ costUsd: 'number', failed: 'number', input: 'number', output: 'number', cached: 'number' },
    ...{ reasoning: 'number', spentUsd: 'number', unpriced: 'number' },
  });
type WorkFields = ReturnType<typeof worksIn>['fields'];

/** Where the works of paid stages stand, with the sums of what their calls took. */
export const WORKS = {
  research: worksIn('research'),
  generations: worksIn('generations'),
  reviews: worksIn('reviews'),
  works: worksIn('works'),
} as const satisfies Readonly<Record<PaidWorks, Table<WorkFields>>>;

const workRow = z.object({
  ...{ state: z.enum(['claimed', 'done', 'dead']), token: branded<Token>(), renewal: z.number() },
  ...{ attempts: z.array(attemptSchema), steps: z.array(stepSchema), published: z.boolean() },
  ...{ result: jsonText(z.unknown()).nullable(), model: z.string(), recipe: z.string() },
  ...{ usage: usageSchema, costUsd: z.number().nullable() },
});
type Work = z.output<typeof workRow>;

const NOBODY = '' as Token;
const NOW = { now: 0 };
const UNSPENT = { failed: 0, ...NO_USAGE, spentUsd: 0, unpriced: 0 };
const NOTHING_MADE = { result: null, model: '', recipe: '', usage: NO_USAGE, costUsd: 0 };

/** Claims and results of one paid stage: each claim and each end is a compare-and-set. */
export class MemoryWorks<Result> implements WorkStore<Result> {
  readonly #tables: MemoryTables;
  readonly #table: Table<WorkFields>;
  readonly #deadLetters: DeadLetters;

  constructor(tables: MemoryTables, kept: PaidWorks, deadLetters: DeadLetters) {
    this.#tables = tables;
    this.#table = WORKS[kept];
    this.#deadLetters = deadLetters;
  }

  async find(key: WorkKey): Promise<Finished<Result> | undefined> {
    const work = this.#work(workIdOf(key));
    return work?.state === 'done' ? finishedOf(work) : undefined;
  }

  async claim(key: WorkKey): Promise<Claim<Result>> {
    const given = { state: 'claimed', token: NOBODY };
    return this.#claim(key, { any: [[given, { state: 'dead', drive: { lt: key.drive } }]] });
  }

  async takeOver(key: WorkKey, seen: Readonly<{ token: Token; renewal: number }>): Promise<Claim<Result>> {
    return this.#claim(key, { state: 'claimed', ...seen });
  }

  async renew(held: readonly HeldWork[]): Promise<readonly WorkId[]> {
    const renewed = held.map((each) => this.#change(heldBy(each), { renewal: { add: 1 } }));
    const changed = await Promise.all(renewed);
    return held.filter((_, index) => changed[index] === 0).map(({ workId }) => workId);
  }

  async release(held: HeldWork): Promise<void> {
    await this.#change(heldBy(held), { token: NOBODY });
  }

  async recordAttempt(held: HeldWork, attempt: Attempt): Promise<void> {
    const { attempts = [] } = this.#work(held.workId) ?? {};
    const { startedAt, number, usage, costUsd } = attempt;
    if (attempts.some((each) => each.startedAt === startedAt && each.number === number)) return;
    const spent = spentOn(usage, costUsd, true);
    await this.#change(heldBy(held), { attempts: [...attempts, attempt], ...spent });
  }

  async steps(workId: WorkId): Promise<readonly Step[]> {
    return this.#work(workId)?.steps ?? [];
  }

  async appendStep(held: HeldWork, step: Step): Promise<'stored' | 'lost'> {
    const { steps = [] } = this.#work(held.workId) ?? {};
    const { n, key, usage, costUsd, failed = false } = step;
    const isKept = steps[n]?.key === key;
    if (!isKept && n !== steps.length) return 'lost';
    const appended = isKept ? {} : { steps: [...steps, step], ...spentOn(usage, costUsd, failed) };
    return (await this.#change(heldBy(held), appended)) === 1 ? 'stored' : 'lost';
  }

  async dropSteps(held: HeldWork): Promise<void> {
    await this.#change(heldBy(held), { steps: [] });
  }

  async complete(held: HeldWork, finished: Finished<Result>): Promise<'stored' | 'lost'> {
    const { result, model, recipe, usage, costUsd, attempts } = finished;
    const made = { result: JSON.stringify(result), model, recipe, usage, costUsd, attempts };
    const last = answeringAttempt(finished);
    const spent = last === undefined ? {} : spentOn(last.usage, last.costUsd, false);
    const done = { state: 'done', ...made, ...spent, updatedAt: NOW };
    if ((await this.#change(heldBy(held), done)) === 0) return this.#isEnded(held, 'done');
    await this.#deadLetters.close(held.workId);
    return 'stored';
  }

  async bury(held: HeldWork): Promise<'stored' | 'lost'> {
    const buried = await this.#change(heldBy(held), { state: 'dead', updatedAt: NOW });
    return buried === 1 ? 'stored' : this.#isEnded(held, 'dead');
  }

  async markPublished(workIds: readonly WorkId[]): Promise<void> {
    await this.#change({ id: { in: workIds } }, { published: true });
  }

  #isEnded({ workId, token }: HeldWork, state: Work['state']): 'stored' | 'lost' {
    const work = this.#work(workId);
    return work?.state === state && work.token === token ? 'stored' : 'lost';
  }

  /** A new claim, or one in place of what passes `free`; otherwise what stands there. */
  async #claim(key: WorkKey, free: Where<WorkFields>): Promise<Claim<Result>> {
    const { lane, questionId, stage, revision, drive } = key;
    if (this.#tables.isForgotten(questionId)) return { kind: 'forgotten' };
    const id = workIdOf(key);
    const token = randomUUID() as Token;
    const ours = { state: 'claimed', token, renewal: 0, drive, updatedAt: NOW };
    const work = { id, lane, questionId, stage, revision, ...ours, published: false };
    const row = { ...work, attempts: [], steps: [], ...NOTHING_MADE, ...UNSPENT };
    await this.#tables.write([update(this.#table, { id, ...free }, ours), insert(this.#table, row)]);
    return claimOf(this.#work(id), token);
  }

  #change(where: Where<WorkFields>, set: Assignments<WorkFields>): Promise<number> {
    return this.#tables.write([update(this.#table, where, set)]);
  }

  #work(workId: WorkId): Work | undefined {
    const row = this.#tables.rows(this.#table.name).get(workId);
    return row && readStored(workRow, row);
  }
}

const heldBy = ({ workId, token }: HeldWork) => ({ id: workId, token, state: 'claimed' });

function spentOn({ input, output, cached, reasoning }: Usage, costUsd: number | null, hasFailed: boolean) {
  return {
    ...{ input: { add: input }, output: { add: output }, cached: { add: cached } },
    ...{ reasoning: { add: reasoning }, spentUsd: { add: costUsd ?? 0 } },
    ...{ unpriced: { add: Number(costUsd === null) }, failed: { add: Number(hasFailed) } },
  };
}

function claimOf<Result>(work: Work | undefined, ours: Token): Claim<Result> {
  if (work === undefined || work.state === 'dead') return { kind: 'dead' };
  const { state, token, renewal, attempts, steps, published } = work;
  if (state === 'done') return { kind: 'done', finished: finishedOf(work), published };
  if (token !== ours) return { kind: 'held', token, renewal };
  return { kind: 'claimed', token, attempts, ...(steps.length === 0 ? {} : { steps: steps.length }) };
}

function finishedOf<Result>({ result, model, recipe, usage, costUsd, attempts }: Work): Finished<Result> {
  return { result: result as Result, model, recipe, usage, costUsd, attempts };
}
