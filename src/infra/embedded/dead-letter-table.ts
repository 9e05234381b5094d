import type { StatementSync } from 'node:sqlite';
import { z } from 'zod';
import type { Redrive } from '../../stages/store.ts';
import type { DeadLetter } from '../../streams/dead-letter.ts';
import { jsonText, readStored } from '../stored/read-stored.ts';
import { attemptSchema, failureKindSchema, workKeySchema } from '../stored/schemas.ts';
import type { Database } from './database.ts';

const letterSchema = z
  .object({
    id: z.string(),
    stage: z.string(),
    topic: z.string(),
    partition: z.number(),
    offset: z.number().transform(BigInt),
    key: z.string().nullable(),
    value: z.union([z.string(), z.instanceof(Uint8Array)]).nullable(),
    headers: jsonText(z.record(z.string(), z.string())),
    work: jsonText(workKeySchema).nullable(),
    kind: failureKindSchema,
    code: z.string(),
    message: z.string(),
    attempts: jsonText(z.array(attemptSchema)),
    at: z.string(),
  })
  .transform(({ work, ...letter }): DeadLetter => ({ ...letter, work: work ?? undefined }));

/** Dead letters: open -> redriving -> closed, or open again when the record dies again. */
export class DeadLetterTable {
  readonly #db: Database;
  readonly #put: StatementSync;
  readonly #close: StatementSync;

  constructor(db: Database) {
    this.#db = db;
    this.#put = db.prepare(
      `INSERT INTO dead_letters (id, state, stage, topic, partition, offset, key, value, headers, work, kind, code,
         message, attempts, first_at, at, drive)
       VALUES (?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET state = 'open', topic = excluded.topic, partition = excluded.partition,
         offset = excluded.offset, key = excluded.key, value = excluded.value, headers = excluded.headers,
         work = excluded.work, kind = excluded.kind, code = excluded.code, message = excluded.message,
         attempts = excluded.attempts, at = excluded.at, drive = excluded.drive
       WHERE excluded.drive >= drive`,
    );
    this.#close = db.prepare("UPDATE dead_letters SET state = 'closed' WHERE id = ? AND state = 'redriving'");
  }

  async put(letter: DeadLetter): Promise<void> {
    const { id, stage, topic, partition, offset, key, value, headers, work, kind, code, message, at } =
      letter;
    const texts = [JSON.stringify(headers), work === undefined ? null : JSON.stringify(work)] as const;
    const why = [kind, code, message, JSON.stringify(letter.attempts), at, at, work?.drive ?? 0] as const;
    await this.#db.write(() =>
      this.#put.run(id, stage, topic, partition, offset, key, value, ...texts, ...why),
    );
  }

  *open(): Generator<DeadLetter> {
    const rows = this.#db
      .prepare("SELECT * FROM dead_letters WHERE state <> 'closed' ORDER BY at, id")
      .iterate();
    for (const row of rows) yield readStored(letterSchema, row);
  }

  ofQuestion(lane: string, questionId: string): DeadLetter[] {
    const rows = this.#db
      .prepare('SELECT * FROM dead_letters WHERE id >= ? AND id < ?')
      .all(`${lane}/${questionId}/`, `${lane}/${questionId}0`);
    return rows.map((row) => readStored(letterSchema, row));
  }

  /** Each open letter goes to one caller. */
  take(): Promise<readonly Redrive[]> {
    return this.#db.write(() => {
      const rows = this.#db.prepare("SELECT * FROM dead_letters WHERE state = 'open' ORDER BY at, id").all();
      this.#db.prepare("UPDATE dead_letters SET state = 'redriving' WHERE state = 'open'").run();
      return rows.map((row) => {
        const letter = readStored(letterSchema, row);
        return { letter, drive: (letter.work?.drive ?? 0) + 1 };
      });
    });
  }

  /** Makes every taken letter open again. Only inside a write. */
  reopen(): void {
    this.#db.prepare("UPDATE dead_letters SET state = 'open' WHERE state = 'redriving'").run();
  }

  async close(id: string): Promise<void> {
    await this.#db.write(() => this.#close.run(id));
  }
}
