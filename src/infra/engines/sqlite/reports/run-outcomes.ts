import type { SQLOutputValue } from 'node:sqlite';
import { z } from 'zod';
import { exampleSchema } from '../../../../stages/example.ts';
import type { DatasetQuery, DatasetRow } from '../../../../stages/store/store.ts';
import { jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import type { LaneName } from '../../../../streams/work/work.ts';
import type { Database } from '../database.ts';
import { PAGE_ROWS, rowsInPages } from '../in-pages.ts';
import { submissionRow } from './submission-row.ts';

const finishedRow = z.object({ finished: jsonText(z.object({ result: exampleSchema })) });

type Table = 'dataset' | 'rejections';
type Rows = AsyncIterable<Record<string, SQLOutputValue>>;

/** The outcomes of a lane with who asked: in the order of a run's input, else in that of arrival. */
export async function* readDatasetRows(
  db: Database,
  { lane, run, verdict }: DatasetQuery,
): AsyncGenerator<DatasetRow> {
  const table = verdict === 'approved' ? 'dataset' : 'rejections';
  const rows = run === undefined ? inOrderOfArrival(db, table, lane) : inOrderOfInput(db, table, lane, run);
  for await (const row of rows) {
    const example = readStored(finishedRow, row).finished.result;
    yield { example, submission: readStored(submissionRow, row) };
  }
}

/** Each with one of those who asked, in whatever lane. */
function inOrderOfArrival(db: Database, table: Table, lane: LaneName): Rows {
  const page = db.prepare(
    `SELECT d.rowid AS place, coalesce(unpacked(d.packed), d.finished) AS finished, s.run, s.position, s.user_id, s.metadata
     FROM ${table} d LEFT JOIN submissions s ON (s.question_id, s.lane, s.run) = (
       SELECT question_id, lane, run FROM submissions WHERE question_id = d.question_id LIMIT 1)
     WHERE d.lane = ? AND d.rowid > ? ORDER BY d.rowid LIMIT ?`,
  );
  return rowsInPages((last) => page.all(lane, last?.['place'] ?? 0, PAGE_ROWS));
}

/** A question once, in however many lanes the run asked it. */
function inOrderOfInput(db: Database, table: Table, lane: LaneName, run: string): Rows {
  const page = db.prepare(
    `SELECT coalesce(unpacked(d.packed), d.finished) AS finished, s.run, s.position, s.user_id, s.metadata, s.question_id, s.lane AS asked
     FROM submissions s JOIN ${table} d ON d.id = :lane || '/' || s.question_id
     WHERE s.run = :run AND (s.position, s.question_id, s.lane) > (:position, :questionId, :asked) AND s.lane = (
       SELECT lane FROM submissions WHERE question_id = s.question_id AND run = s.run ORDER BY position, lane LIMIT 1)
     ORDER BY s.position, s.question_id, s.lane LIMIT :limit`,
  );
  return rowsInPages((last) => {
    const { position = -1, question_id: questionId = '', asked = '' } = last ?? {};
    return page.all({ lane, run, position, questionId, asked, limit: PAGE_ROWS });
  });
}
