import { z } from 'zod';
import {
  allAttempts,
  type DeadLetter,
  type StoredDeadLetter,
} from '../../../streams/delivery/dead-letter.ts';
import type { Token } from '../../../streams/work/work.ts';
import {
  type DeadLetterCount,
  type DeadLetterQuery,
  type DeadLetterRepository,
  type LatestDeadLetters,
  type RedriveOutcome,
  type SeenDeadLetter,
  type SeenTaking,
  UNCLOSED,
} from '../dead-letter-repository.ts';
import { inPages } from '../table/pages.ts';
import { readStored } from '../table/read-stored.ts';
import { failureKindSchema } from '../table/schemas.ts';
import { insert, type Tables, update, type Where } from '../table/table.ts';
import { DEAD_LETTERS, deathOf, storedDeadLetterOf } from './dead-letter-row.ts';

type DeadLetterWhere = Where<(typeof DEAD_LETTERS)['fields']>;

const OLDEST_FIRST = ['at', 'id'] as const;
const UNCLOSED_ONLY: DeadLetterWhere = { state: { in: UNCLOSED } };

const countRow = z
  .object({
    stage: z.string(),
    kind: failureKindSchema,
    code: z.string(),
    count: z.number(),
    min: z.string(),
    max: z.string(),
  })
  .transform(({ min: firstAt, max: lastAt, ...row }): DeadLetterCount => ({ ...row, firstAt, lastAt }));
const stateRow = z.object({ state: z.string(), count: z.number() });

/** The dead letters of a store: every take is a compare-and-set, so a dead letter goes to one operator whoever asks. */
export class DeadLetters implements DeadLetterRepository {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** Keeps a death. A repeat of the same one changes nothing; neither does that of an earlier drive. */
  async put(deadLetter: DeadLetter): Promise<void> {
    const { id, at, drive, work, key } = deadLetter;
    const about = [work?.questionId ?? key ?? ''];
    const first = { id, ...deathOf(deadLetter, deadLetter.attempts), firstAt: at, taker: null, renewal: 0 };
    for (let isGone = false; ; isGone = true) {
      if ((await this.#tables.write([insert(DEAD_LETTERS, first)], about)) > 0) return;
      let existing = await this.#find(id);
      // Forgotten; or deleted just now, and then it is new.
      if (existing === undefined && isGone) return;
      while (existing !== undefined) {
        const seen: StoredDeadLetter = existing;
        if (seen.drive > drive || (seen.drive === drive && seen.at === at)) return;
        const unchanged = { id, drive: seen.drive, at: seen.at };
        const death = deathOf(deadLetter, allAttempts(seen.attempts, deadLetter.attempts));
        if ((await this.#tables.write([update(DEAD_LETTERS, unchanged, death)], about)) > 0) return;
        existing = await this.#find(id);
        // Nobody was faster: the question is forgotten, and its dead letter not deleted yet.
        if (existing?.drive === seen.drive && existing.at === seen.at) return;
      }
    }
  }

  async close(id: string): Promise<void> {
    const closed = { state: 'closed', closedAt: new Date().toISOString() };
    await this.#tables.write([update(DEAD_LETTERS, { id, ...UNCLOSED_ONLY }, closed)]);
  }

  async ofQuestion(lane: string, questionId: string): Promise<readonly StoredDeadLetter[]> {
    const where = { id: { startsWith: `${lane}/${questionId}/` } };
    return (await this.#tables.page(DEAD_LETTERS, { where })).map(storedDeadLetterOf);
  }

  async *list(query: DeadLetterQuery): AsyncGenerator<StoredDeadLetter> {
    const sought = { where: whereOf(query), order: OLDEST_FIRST };
    for await (const row of inPages(this.#tables, DEAD_LETTERS, sought)) yield storedDeadLetterOf(row);
  }

  async latest(most: number): Promise<LatestDeadLetters> {
    const last = { where: UNCLOSED_ONLY, order: OLDEST_FIRST, reverse: true, limit: most };
    const deadLetters = (await this.#tables.page(DEAD_LETTERS, last)).map(storedDeadLetterOf);
    return { count: await this.#tables.count(DEAD_LETTERS, UNCLOSED_ONLY), deadLetters };
  }

  async stats(query: DeadLetterQuery): Promise<readonly DeadLetterCount[]> {
    const by = ['stage', 'kind', 'code'] as const;
    const tally = { where: whereOf(query), by, min: 'firstAt', max: 'at' } as const;
    const rows = (await this.#tables.tally(DEAD_LETTERS, tally)).map((row) => readStored(countRow, row));
    const nameOf = ({ stage, kind, code }: DeadLetterCount) => `${stage}\0${kind}\0${code}`;
    return rows.toSorted((a, b) => b.count - a.count || (nameOf(a) < nameOf(b) ? -1 : 1));
  }

  async take(by: Token, seen: readonly SeenDeadLetter[]): Promise<readonly StoredDeadLetter[]> {
    const taken = { state: 'redriving', taker: by, renewal: 0, sentAt: null, drive: { add: 1 } };
    await this.#tables.write(
      seen.map(({ id, drive }) => update(DEAD_LETTERS, { id, drive, state: 'open' }, taken)),
    );
    return this.#takenBy(
      by,
      seen.map(({ id }) => id),
    );
  }

  async takeOver(by: Token, seen: SeenTaking, ids: readonly string[]): Promise<readonly StoredDeadLetter[]> {
    const abandoned = { id: { in: ids }, state: 'redriving', taker: seen.by, renewal: seen.renewal };
    await this.#tables.write([update(DEAD_LETTERS, abandoned, { taker: by, renewal: 0 })]);
    return this.#takenBy(by, ids);
  }

  async renew(by: Token): Promise<void> {
    await this.#tables.write([update(DEAD_LETTERS, heldBy(by), { renewal: { add: 1 } })]);
  }

  async release(by: Token): Promise<void> {
    await this.#tables.write([update(DEAD_LETTERS, heldBy(by), { state: 'open' })]);
  }

  async markSent(by: Token, ids: readonly string[]): Promise<void> {
    const sent = { state: 'sent', sentAt: new Date().toISOString() };
    await this.#tables.write([update(DEAD_LETTERS, { id: { in: ids }, ...heldBy(by) }, sent)]);
  }

  async outcome(by: Token): Promise<RedriveOutcome> {
    const rows = await this.#tables.tally(DEAD_LETTERS, { where: { taker: by }, by: ['state'] });
    const of = new Map(rows.map((row) => readStored(stateRow, row)).map((row) => [row.state, row.count]));
    const waiting = (of.get('redriving') ?? 0) + (of.get('sent') ?? 0);
    return { waiting, closed: of.get('closed') ?? 0, open: of.get('open') ?? 0 };
  }

  async #find(id: string): Promise<StoredDeadLetter | undefined> {
    const row = await this.#tables.get(DEAD_LETTERS, id);
    return row === undefined ? undefined : storedDeadLetterOf(row);
  }

  async #takenBy(by: Token, ids: readonly string[]): Promise<readonly StoredDeadLetter[]> {
    const rows = await this.#tables.page(DEAD_LETTERS, { where: { id: { in: ids }, ...heldBy(by) } });
    const taken = new Map(rows.map(storedDeadLetterOf).map((deadLetter) => [deadLetter.id, deadLetter]));
    return ids.flatMap((id) => taken.get(id) ?? []);
  }
}

const heldBy = (by: Token) => ({ taker: by, state: 'redriving' });

function whereOf({ stage, classes, since, id, lane, lives = UNCLOSED }: DeadLetterQuery): DeadLetterWhere {
  const beginning = id === undefined ? undefined : { startsWith: id };
  return {
    ...{ state: { in: lives }, stage, lane },
    at: since === undefined ? undefined : { gte: since },
    any: [
      ...(classes === undefined ? [] : [classes.flatMap(classWhere)]),
      ...(beginning === undefined ? [] : [[{ id: beginning }, { questionId: beginning }]]),
    ],
  };
}

/** A kind, a code, or both. */
function classWhere(named: string): readonly DeadLetterWhere[] {
  const [kind = '', code] = named.split('/');
  return code === undefined ? [{ kind }, { code: kind }] : [{ kind, code }];
}
