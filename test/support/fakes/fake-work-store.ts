import type { Failure } from '../../../src/streams/failure.ts';
import type { Step } from '../../../src/streams/work/step.ts';
import type {
  Attempt,
  Claim,
  Completed,
  Finished,
  HeldWork,
  Token,
  WorkId,
  WorkKey,
  WorkStore,
} from '../../../src/streams/work/work.ts';
import { workIdOf } from '../../../src/streams/work/work.ts';
import { tokenOf } from '../stage/work.ts';

type Row<Result> = {
  state: 'claimed' | 'void' | 'done' | 'dead';
  token: Token;
  renewal: number;
  drive: number;
  finished: Finished<Result> | undefined;
  published: boolean;
  attempts: Attempt[];
};

export type StoreCall = Exclude<keyof WorkStore<unknown>, 'renew' | 'steps' | 'dropSteps'>;

/** Claims and results in memory, by the rules of the port. */
export class FakeWorkStore<Result> implements WorkStore<Result> {
  readonly rows = new Map<WorkId, Row<Result>>();
  readonly journal: string[];
  readonly renewals: (readonly HeldWork[])[] = [];
  readonly #failures: Readonly<{ call: StoreCall; failure: Failure }>[] = [];
  readonly #steps = new Map<WorkId, readonly Step[]>();
  #tokens = 0;

  constructor(journal: string[] = []) {
    this.journal = journal;
  }

  /** The next call of this name rejects. */
  failNext(call: StoreCall, failure: Failure, times = 1): void {
    for (let time = 0; time < times; time += 1) this.#failures.push({ call, failure });
  }

  /** Puts a work there as another process left it. */
  put(key: WorkKey, row: Partial<Row<Result>>): Row<Result> {
    const empty = { renewal: 0, drive: key.drive, finished: undefined, published: false, attempts: [] };
    const whole = { state: 'claimed' as const, token: tokenOf('another'), ...empty, ...row };
    this.rows.set(workIdOf(key), whole);
    return whole;
  }

  row(key: WorkKey): Row<Result> | undefined {
    return this.rows.get(workIdOf(key));
  }

  async find(key: WorkKey): Promise<Finished<Result> | undefined> {
    const row = this.row(key);
    return row?.state === 'done' ? row.finished : undefined;
  }

  async claim(key: WorkKey): Promise<Claim<Result>> {
    this.#called('claim');
    const row = this.row(key);
    if (row === undefined || row.state === 'void') return this.#take(key);
    if (row.state === 'dead' && key.drive > row.drive) return this.#take(key);
    return standing(row);
  }

  async takeOver(key: WorkKey, seen: Readonly<{ token: Token; renewal: number }>): Promise<Claim<Result>> {
    this.#called('takeOver');
    const row = this.row(key);
    if (row === undefined) return this.#take(key);
    const same = row.state === 'claimed' && row.token === seen.token && row.renewal === seen.renewal;
    return same ? this.#take(key) : standing(row);
  }

  async renew(held: readonly HeldWork[]): Promise<readonly WorkId[]> {
    this.renewals.push(held);
    const lost: WorkId[] = [];
    for (const each of held) {
      const row = this.#mine(each);
      if (row === undefined) lost.push(each.workId);
      else row.renewal += 1;
    }
    return lost;
  }

  async release(held: HeldWork): Promise<void> {
    this.#called('release');
    const row = this.#mine(held);
    if (row !== undefined) row.state = 'void';
  }

  async recordAttempt(held: HeldWork, attempt: Attempt): Promise<void> {
    this.#called('recordAttempt');
    this.#mine(held)?.attempts.push(attempt);
  }

  async complete(held: HeldWork, finished: Finished<Result>): Promise<Completed> {
    this.#called('complete');
    const row = this.rows.get(held.workId);
    if (row?.token !== held.token) return 'lost';
    if (row.state === 'done') return 'stored';
    row.state = 'done';
    row.finished = finished;
    return 'stored';
  }

  async steps(workId: WorkId): Promise<readonly Step[]> {
    return [...(this.#steps.get(workId) ?? [])];
  }

  async appendStep(held: HeldWork, step: Step): Promise<'stored' | 'lost'> {
    this.#called('appendStep');
    const steps = this.#steps.get(held.workId) ?? [];
    if (this.#mine(held) === undefined) return 'lost';
    if (step.n !== steps.length) return steps[step.n]?.key === step.key ? 'stored' : 'lost';
    this.#steps.set(held.workId, [...steps, structuredClone(step)]);
    return 'stored';
  }

  async dropSteps({ workId }: HeldWork): Promise<void> {
    this.#steps.delete(workId);
  }

  async bury(held: HeldWork): Promise<'stored' | 'lost'> {
    this.#called('bury');
    const row = this.rows.get(held.workId);
    if (row?.token !== held.token) return 'lost';
    row.state = 'dead';
    return 'stored';
  }

  async markPublished(workIds: readonly WorkId[]): Promise<void> {
    this.#called('markPublished');
    for (const workId of workIds) {
      const row = this.rows.get(workId);
      if (row !== undefined) row.published = true;
    }
  }

  #called(call: StoreCall): void {
    this.journal.push(call);
    const index = this.#failures.findIndex((each) => each.call === call);
    const [due] = index < 0 ? [] : this.#failures.splice(index, 1);
    if (due !== undefined) throw due.failure;
  }

  #take(key: WorkKey): Claim<Result> {
    this.#tokens += 1;
    const token = tokenOf(`token-${this.#tokens}`);
    const attempts = this.row(key)?.attempts ?? [];
    this.put(key, { token, attempts });
    const steps = this.#steps.get(workIdOf(key))?.length;
    return { kind: 'claimed', token, attempts: [...attempts], ...(steps === undefined ? {} : { steps }) };
  }

  #mine({ workId, token }: HeldWork): Row<Result> | undefined {
    const row = this.rows.get(workId);
    return row?.token === token && row.state === 'claimed' ? row : undefined;
  }
}

function standing<Result>(row: Row<Result>): Claim<Result> {
  const { state, token, renewal, finished, published } = row;
  if (state === 'dead') return { kind: 'dead' };
  if (finished !== undefined) return { kind: 'done', finished, published };
  return { kind: 'held', token, renewal };
}
