import { z } from 'zod';
import { reviewSchema } from '../../../../stages/example.ts';
import { questionSchema } from '../../../../stages/question.ts';
import type { QuestionOfLane } from '../../../../stages/store/store.ts';
import { branded, jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import type { LaneName, QuestionId } from '../../../../streams/work/work.ts';
import type { Database } from '../database.ts';
import { PAGE_ROWS, rowsInPages } from '../in-pages.ts';

const standingRow = z
  .object({
    question_id: branded<QuestionId>(),
    question: jsonText(questionSchema),
    status: z.string(),
    review: jsonText(reviewSchema).nullable(),
  })
  .transform(
    ({ question_id, review, ...row }): QuestionOfLane => ({
      ...row,
      questionId: question_id,
      review: review ?? undefined,
    }),
  );

/** The end that a question's status names decides which of the two tables has its review. */
const SQL = `SELECT q.id, q.question_id, q.question, q.status,
    json_extract(CASE q.status
      WHEN 'approved' THEN coalesce(unpacked(d.packed), d.finished)
      WHEN 'rejected' THEN coalesce(unpacked(r.packed), r.finished)
    END, '$.result.review') AS review
  FROM questions q LEFT JOIN dataset d ON d.id = q.id LEFT JOIN rejections r ON r.id = q.id
  WHERE q.id > ? AND q.id < ? ORDER BY q.id LIMIT ?`;

/** Every question of a lane, ordered by id. */
export async function* questionsOfLane(db: Database, lane: LaneName): AsyncGenerator<QuestionOfLane> {
  const page = db.prepare(SQL);
  // `0` follows `/` in the order of bytes.
  const rows = rowsInPages((last) => page.all(last?.['id'] ?? `${lane}/`, `${lane}0`, PAGE_ROWS));
  for await (const row of rows) yield readStored(standingRow, row);
}
