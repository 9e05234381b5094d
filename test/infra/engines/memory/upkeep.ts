import { isUnsettled } from '../../../../src/stages/store/cleanup.ts';
import type { HeldQuestions, Holdings, QuestionQuery } from '../../../../src/stages/store/forgotten.ts';
import { questionKey } from '../../../../src/stages/store/question-key.ts';
import { type Cleaned, Cleanup } from '../../../../src/stages/store/repositories/cleanup.ts';
import type { QuestionId, WorkKey } from '../../../../src/streams/work/work.ts';
import type { MemoryRow, MemoryTables } from './tables.ts';

const WORKS = ['research', 'generations', 'reviews', 'works'];
const ENDINGS = ['dataset', 'rejections', 'retractions'];

/** What is held of questions. */
export class MemoryHeldQuestions implements HeldQuestions {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  async erase(ids: readonly QuestionId[]): Promise<Holdings> {
    this.#each(['evidence_uses'], ids, (rows, id) => rows.delete(id));
    return this.#held((names) => this.#each(names, ids, (rows, id) => rows.delete(id)));
  }

  async shred(): Promise<'later'> {
    return 'later';
  }

  async find(query: QuestionQuery): Promise<readonly QuestionId[]> {
    const isMeant = (row: MemoryRow) =>
      query.kind === 'run' ? row['run'] === query.run : row['topic'] === query.topic;
    const rows = [...this.#tables.rows(query.kind === 'run' ? 'submissions' : 'questions').values()];
    return [...new Set(rows.filter(isMeant).map(({ questionId }) => questionId as QuestionId))];
  }

  async holdings(ids: readonly QuestionId[]): Promise<Holdings> {
    return this.#held((names) => this.#each(names, ids, () => true));
  }

  #held(sum: (names: readonly string[]) => number): Holdings {
    return {
      works: sum([...WORKS, 'decisions', 'shadow_verdicts']),
      examples: sum([...ENDINGS, 'desk']),
      ...{ deadLetters: sum(['dead_letters']), submissions: sum(['submissions']) },
      questions: sum(['questions']),
    };
  }

  #each(
    names: readonly string[],
    ids: readonly string[],
    act: (rows: Map<string, MemoryRow>, id: string) => unknown,
  ): number {
    const met = names.flatMap((name) => {
      const rows = this.#tables.rows(name);
      const isMeant = (row: MemoryRow) => ids.some((id) => id === row['questionId'] || id === row['key']);
      return [...rows].filter(([, row]) => isMeant(row)).map(([id]) => act(rows, id));
    });
    return met.length;
  }
}

/** What is old and settled. */
export class MemoryCleanup extends Cleanup {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables, store: Cleaned) {
    super(tables, store);
    this.#tables = tables;
  }

  async countOldSteps(before: Date): Promise<number> {
    return this.#stepped(before).length;
  }

  async dropOldSteps(before: Date): Promise<number> {
    const stepped = this.#stepped(before);
    this.#dropSteps(stepped);
    return stepped.length;
  }

  async dropStepsOf(of: Pick<WorkKey, 'lane' | 'questionId'>): Promise<void> {
    this.#dropSteps([questionKey(of)]);
  }

  #dropSteps(keys: readonly string[]): void {
    for (const rows of WORKS.map((name) => this.#tables.rows(name)))
      for (const [id, row] of rows) if (keys.includes(keyOf(row))) rows.set(id, { ...row, steps: [] });
  }

  #stepped(before: Date): readonly string[] {
    const rowsOf = (name: string) => [...this.#tables.rows(name).values()];
    const works = WORKS.flatMap(rowsOf);
    const withSteps = new Set(works.filter(({ steps }) => Object(steps).length > 0).map(keyOf));
    const open = new Set(
      rowsOf('dead_letters')
        .filter(({ state }) => state !== 'closed')
        .map(keyOf),
    );
    return rowsOf('questions')
      .filter(({ status, updatedAt }) => !isUnsettled(String(status)) && isBefore(updatedAt, before))
      .map(keyOf)
      .filter((key) => withSteps.has(key) && !open.has(key));
  }

  /** Counts are sums over what stands. */
  protected async dropBeside(): Promise<void> {}
}

const keyOf = ({ lane, questionId }: MemoryRow) => `${lane}/${questionId}`;
const isBefore = (moment: unknown, before: Date) => Date.parse(String(moment)) < before.getTime();
