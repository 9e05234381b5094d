import { z } from 'zod';
import type { QuestionId } from '../../../streams/work/work.ts';
import { ENDINGS } from '../../example.ts';
import { MAIN_LANE } from '../../lanes/lane.ts';
import type { Erasure, ForgottenRepository, Holdings, QuestionQuery } from '../forgotten.ts';
import { below } from '../question-key.ts';
import { branded, readStored } from '../table/read-stored.ts';
import { type Removal, remove, type Tables, tableOf } from '../table/table.ts';
import { SUBMISSIONS } from './reports/question-tables.ts';

const byId = (name: string) => tableOf(name, { id: 'text' });
/** What was done for a question, below its key. */
export const WORKS = ['research', 'generations', 'reviews', 'works', 'decisions'].map(byId);
/** What came of it, by its key. */
export const EXAMPLES = [...ENDINGS, 'desk'].map(byId);
const SHADOW_VERDICTS = tableOf('shadow_verdicts', { questionId: 'text' });
const EVIDENCE_USES = tableOf('evidence_uses', { questionId: 'text' });
/** One that could not be decoded is known by its key alone. */
const DEAD_LETTERS = tableOf('dead_letters', { key: 'text', questionId: 'text' });
const LANES = byId('lanes');
const QUESTIONS = tableOf('questions', { lane: 'text', questionId: 'text' }, { topic: 'text' });

const foundRow = z.object({ questionId: branded<QuestionId>() });

/** Nobody else has to wait longer than for so many questions. */
const QUESTIONS_AT_ONCE = 50;
/** More in one condition would be too deep for SQLite (https://sqlite.org/limits.html#max_expr_depth). */
const KEYS_AT_ONCE = 500;

/** `kind`: as what it is counted; what only says where to look is not. */
type Held = Readonly<{ kind?: keyof Holdings; removal: Removal }>;
type Counts = (removals: readonly Removal[]) => Promise<readonly number[]>;

/** Everything that a store holds of questions, in every lane and whatever the engine. */
export class HeldQuestions implements Pick<ForgottenRepository, 'find' | 'holdings' | 'erase' | 'shred'> {
  protected readonly tables: Tables;
  readonly #erasure: Erasure;

  constructor(tables: Tables, erasure: Erasure) {
    this.tables = tables;
    this.#erasure = erasure;
  }

  erase(ids: readonly string[]): Promise<Holdings> {
    return this.#sum(ids, (removals) => this.#erasure.erase(removals));
  }

  holdings(ids: readonly string[]): Promise<Holdings> {
    return this.#sum(ids, (removals) =>
      Promise.all(removals.map(({ table, where }) => this.tables.count(table, where))),
    );
  }

  shred(): Promise<'shredded' | 'later'> {
    return this.#erasure.shred();
  }

  async find(query: QuestionQuery): Promise<readonly QuestionId[]> {
    const found =
      query.kind === 'run'
        ? await this.tables.tally(SUBMISSIONS, { where: { run: query.run }, by: ['questionId'] })
        : await this.tables.tally(QUESTIONS, { where: { topic: query.topic }, by: ['questionId'] });
    return found.map((row) => readStored(foundRow, row).questionId);
  }

  async #sum(ids: readonly string[], counts: Counts): Promise<Holdings> {
    const sum = { questions: 0, submissions: 0, works: 0, examples: 0, deadLetters: 0 };
    for (const some of inChunks(ids, QUESTIONS_AT_ONCE)) {
      const held = await this.#heldOf(some);
      const counted = await counts(held.map(({ removal }) => removal));
      for (const [index, { kind }] of held.entries())
        if (kind !== undefined) sum[kind] += counted[index] ?? 0;
    }
    return sum;
  }

  /** The questions last: whoever was interrupted finds their lanes again. */
  async #heldOf(ids: readonly string[]): Promise<readonly Held[]> {
    const mine = { questionId: { in: ids } };
    const keys = (await this.#lanesOf(ids)).flatMap((lane) => ids.map((id) => `${lane}/${id}`));
    return [
      ...inChunks(keys, KEYS_AT_ONCE).flatMap((some) =>
        WORKS.map((table): Held => ({ kind: 'works', removal: remove(table, below(some)) })),
      ),
      { kind: 'works', removal: remove(SHADOW_VERDICTS, mine) },
      { removal: remove(EVIDENCE_USES, mine) },
      ...EXAMPLES.map((table): Held => ({ kind: 'examples', removal: remove(table, { id: { in: keys } }) })),
      { kind: 'deadLetters', removal: remove(DEAD_LETTERS, { any: [[{ key: { in: ids } }, mine]] }) },
      { kind: 'submissions', removal: remove(SUBMISSIONS, mine) },
      { kind: 'questions', removal: remove(QUESTIONS, mine) },
    ];
  }

  /** Lanes that were opened, and those that only a record named. */
  async #lanesOf(ids: readonly string[]): Promise<readonly string[]> {
    const opened = await this.tables.page(LANES, { where: {} });
    const named = await this.tables.page(QUESTIONS, { where: { questionId: { in: ids } } });
    return [
      ...new Set([MAIN_LANE, ...opened.map(({ id }) => `${id}`), ...named.map(({ lane }) => `${lane}`)]),
    ];
  }
}

function inChunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
}
