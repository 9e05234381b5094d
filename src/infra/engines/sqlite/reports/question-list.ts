import { z } from 'zod';
import { questionSchema } from '../../../../stages/question.ts';
import { revisionOfRank } from '../../../../stages/status.ts';
import type {
  ListedQuestion,
  ListPage,
  ListQuery,
  QuestionList,
} from '../../../../stages/store/question-list.ts';
import { branded, jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import { Failure } from '../../../../streams/failure.ts';
import type { LaneName, QuestionId } from '../../../../streams/work/work.ts';
import type { Database } from '../database.ts';

const WINDOW = 2_000;

const rowSchema = z
  .object({
    question_id: branded<QuestionId>(),
    lane: branded<LaneName>(),
    question: jsonText(questionSchema),
    status: z.string(),
    rank: z.number(),
    updated_ms: z.number(),
    model: z.string().nullable(),
    score: z.number().nullable(),
  })
  .transform(
    ({ question_id, rank, updated_ms, model, score, ...row }): ListedQuestion => ({
      ...row,
      questionId: question_id,
      revision: revisionOfRank(rank),
      review: score === null ? undefined : { score, model: model ?? '' },
      updatedAt: new Date(updated_ms).toISOString(),
    }),
  );

/** Rows are numbered as they come: a window is a range of numbers. */
const SQL = `SELECT q.question_id, q.lane, q.question, q.status, q.rank, q.updated_ms, r.model,
    coalesce(unpacked(r.packed) ->> '$.result.score', r.result ->> '$.score') AS score
  FROM questions q LEFT JOIN reviews r
    ON r.id = q.id || '/review/' || ((q.rank % 100000) / 10) AND r.state = 'done'
  WHERE q.rowid < ? AND q.rowid >= ? AND q.lane = ? AND (? IS NULL OR q.status = ?)
  ORDER BY q.rowid DESC`;

export class SqliteQuestionList implements QuestionList {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async page({ lane, status, from }: ListQuery): Promise<ListPage> {
    const before = from === undefined ? this.#end() : numberOf(from);
    const first = Math.max(0, before - WINDOW);
    const wanted = status ?? null;
    const rows = this.#db.prepare(SQL).all(before, first, lane, wanted, wanted);
    const questions = rows.map((row) => readStored(rowSchema, row));
    return { questions, next: first === 0 ? undefined : String(first) };
  }

  #end(): number {
    return 1 + Number(this.#db.prepare('SELECT max(rowid) AS last FROM questions').get()?.['last'] ?? 0);
  }
}

function numberOf(place: string): number {
  if (/^\d{1,15}$/.test(place)) return Number(place);
  throw new Failure('poison', 'bad_place', `No page ends at ${JSON.stringify(place.slice(0, 40))}.`);
}
