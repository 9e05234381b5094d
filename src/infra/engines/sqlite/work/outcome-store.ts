import type { StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { ENDINGS, type Ending, type Example, endingOf, exampleSchema } from '../../../../stages/example.ts';
import { questionKey, questionKeyOf } from '../../../../stages/store/question-key.ts';
import { jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import { finishedSchema } from '../../../../stages/store/table/schemas.ts';
import type { Claim, Finished, HeldWork, WorkId, WorkKey } from '../../../../streams/work/work.ts';
import { packingWithin } from '../../stored/packed-text.ts';
import { UNCLAIMED_WORK, UnclaimedStore } from '../../stored/unclaimed-store.ts';
import type { Database } from '../database.ts';
import { forgottenMarks } from '../repositories/forgotten-marks.ts';

const rowSchema = z.object({ finished: jsonText(finishedSchema(exampleSchema)), published: z.number() });

type Tables = Readonly<Record<'put' | 'drop' | 'publish' | 'elsewhere', StatementSync>>;

/**
 * The store of stage 5: `dataset` for approved examples, `rejections` for the others, `retractions` for what a person took
 * back, one row per question and lane.
 * Its work is free and the same however often it is done, so nothing is claimed.
 */
export class SqliteOutcomeStore extends UnclaimedStore<Example> {
  readonly #db: Database;
  readonly #find: StatementSync;
  readonly #tables: Readonly<Record<Ending, Tables>>;
  readonly #isForgotten: (questionId: string) => boolean;

  constructor(db: Database) {
    super();
    this.#db = db;
    const finds = ENDINGS.map(
      (table) =>
        `SELECT coalesce(unpacked(packed), finished) AS finished, published FROM ${table} WHERE id = :id AND revision = :revision`,
    );
    this.#find = db.prepare(finds.join(' UNION ALL '));
    this.#tables = {
      dataset: statements(db, 'dataset'),
      rejections: statements(db, 'rejections'),
      retractions: statements(db, 'retractions'),
    };
    this.#isForgotten = forgottenMarks(db);
  }

  async claim(work: WorkKey): Promise<Claim<Example>> {
    if (this.#isForgotten(work.questionId)) return { kind: 'forgotten' };
    const found = this.#find.get({ id: questionKey(work), revision: work.revision });
    if (found === undefined) return UNCLAIMED_WORK;
    const { finished, published } = readStored(rowSchema, found);
    return { kind: 'done', finished, published: published === 1 };
  }

  override complete({ workId }: HeldWork, finished: Finished<Example>): Promise<'stored'> {
    const { lane, questionId, revision, review } = finished.result;
    const into = this.#tables[endingOf(review)];
    const others = Object.values(this.#tables).filter((each) => each !== into);
    const id = questionKeyOf(workId);
    const isElsewhere = () => into.elsewhere.get({ id }) !== undefined;
    const { plain, packed } = packingOf(finished);
    return this.#db.write(() => {
      // A question has one end: that of its highest revision.
      const known = isElsewhere();
      if (known) for (const other of others) other.drop.run(id, revision);
      if (!(known && isElsewhere()) && !this.#isForgotten(questionId))
        into.put.run(id, lane, questionId, revision, 0, plain, packed, Date.now());
      return 'stored' as const;
    });
  }

  async markPublished(workIds: readonly WorkId[]): Promise<void> {
    await this.#db.write(() => {
      for (const workId of workIds) {
        const id = questionKeyOf(workId);
        const revision = Number(workId.split('/').at(-1));
        for (const { publish } of Object.values(this.#tables))
          if (Number(publish.run(id, revision).changes) > 0) break;
      }
    });
  }
}

/** The ledger has the example by itself, in the same bytes. */
function packingOf({ result, ...made }: Finished<Example>) {
  return packingWithin('{"result":', JSON.stringify(result), `,${JSON.stringify(made).slice(1)}`);
}

function statements(db: Database, table: Ending): Tables {
  return {
    elsewhere: db.prepare(
      ENDINGS.filter((each) => each !== table)
        .map((each) => `SELECT 1 FROM ${each} WHERE id = :id`)
        .join(' UNION ALL '),
    ),
    put: db.prepare(
      `INSERT INTO ${table} (id, lane, question_id, revision, drive, finished, packed, updated_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, drive = excluded.drive,
         finished = excluded.finished, packed = excluded.packed, published = 0, updated_ms = excluded.updated_ms
       WHERE excluded.revision >= revision`,
    ),
    drop: db.prepare(`DELETE FROM ${table} WHERE id = ? AND revision < ?`),
    publish: db.prepare(`UPDATE ${table} SET published = 1 WHERE id = ? AND revision = ?`),
  };
}
