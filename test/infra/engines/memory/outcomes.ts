import { z } from 'zod';
import { UNCLAIMED_WORK, UnclaimedStore } from '../../../../src/infra/engines/stored/unclaimed-store.ts';
import { ENDINGS, type Example, endingOf, exampleSchema } from '../../../../src/stages/example.ts';
import { questionKey } from '../../../../src/stages/store/question-key.ts';
import { jsonText, readStored } from '../../../../src/stages/store/table/read-stored.ts';
import { finishedSchema } from '../../../../src/stages/store/table/schemas.ts';
import { put, remove, tableOf, update } from '../../../../src/stages/store/table/table.ts';
import type { Claim, Finished, HeldWork, WorkId, WorkKey } from '../../../../src/streams/work/work.ts';
import type { MemoryTables } from './tables.ts';

const OUTCOMES = ENDINGS.map((ending) =>
  tableOf(ending, {
    ...{ id: 'text', lane: 'text', questionId: 'text', revision: 'number' },
    ...{ finished: 'text', published: 'flag' },
  }),
);
const outcomeRow = z.object({ finished: jsonText(finishedSchema(exampleSchema)), published: z.boolean() });

/** The store of stage 5: a question has one end, that of its highest revision. */
export class MemoryOutcomes extends UnclaimedStore<Example> {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    super();
    this.#tables = tables;
  }

  async claim(work: WorkKey): Promise<Claim<Example>> {
    if (this.#tables.isForgotten(work.questionId)) return { kind: 'forgotten' };
    const where = { id: questionKey(work), revision: work.revision };
    const found = await Promise.all(OUTCOMES.map((table) => this.#tables.page(table, { where })));
    const [row] = found.flat();
    return row === undefined ? UNCLAIMED_WORK : { kind: 'done', ...readStored(outcomeRow, row) };
  }

  override async complete(_held: HeldWork, finished: Finished<Example>): Promise<'stored'> {
    const { lane, questionId, revision, review } = finished.result;
    const id = `${lane}/${questionId}`;
    const revisions = ENDINGS.map((ending) => Number(this.#tables.rows(ending).get(id)?.['revision'] ?? 0));
    if (revisions.some((standing) => standing > revision)) return 'stored';
    const row = { id, lane, questionId, revision, finished: JSON.stringify(finished), published: false };
    const changes = OUTCOMES.map((table) =>
      table.name === endingOf(review) ? put(table, row) : remove(table, { id }),
    );
    await this.#tables.write(changes, [questionId]);
    return 'stored';
  }

  async markPublished(workIds: readonly WorkId[]): Promise<void> {
    const changes = workIds.flatMap((workId) => {
      const [lane, questionId, , revision] = workId.split('/');
      const where = { id: `${lane}/${questionId}`, revision: Number(revision) };
      return OUTCOMES.map((table) => update(table, where, { published: true }));
    });
    await this.#tables.write(changes);
  }
}
