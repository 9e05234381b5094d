import type { StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import { stepSchema } from '../../../../stages/store/table/schemas.ts';
import type { Step } from '../../../../streams/work/step.ts';
import type { WorkId } from '../../../../streams/work/work.ts';
import { packedJson } from '../../stored/packed-json.ts';
import { type Packing, packingAlone } from '../../stored/packed-text.ts';
import type { Database } from '../database.ts';

const rowSchema = z
  .object({
    facts: jsonText(stepSchema.omit({ body: true })),
    body: z.union([jsonText(z.unknown()), packedJson(z.unknown())]),
  })
  .transform(({ facts, body }): Step => ({ ...facts, body }));

/** A step as it is written. Packing takes most of the time, and so is not a part of the write. */
export type StepRow = Readonly<{ n: number; key: string; facts: string; body: Packing }>;

export function rowOf({ body, ...facts }: Step): StepRow {
  const { n, key } = facts;
  return { n, key, facts: JSON.stringify(facts), body: packingAlone(JSON.stringify(body) ?? 'null') };
}

/** Digits of a step's number in its id: so that ids stand in order. */
const DIGITS = 6;

/** The steps of all works, by `workId/number`. What writes runs inside a write. */
export class StepTable {
  readonly #sql: Readonly<Record<'of' | 'count' | 'key' | 'insert' | 'drop', StatementSync>>;

  constructor(db: Database) {
    const ofWork = 'WHERE id >= ? AND id < ?';
    this.#sql = {
      of: db.prepare(`SELECT facts, body FROM steps ${ofWork} ORDER BY id`),
      count: db.prepare(`SELECT count(*) AS n FROM steps ${ofWork}`),
      key: db.prepare("SELECT facts ->> '$.key' AS key FROM steps WHERE id = ?"),
      insert: db.prepare('INSERT INTO steps (id, facts, body) VALUES (?, ?, ?)'),
      drop: db.prepare(`DELETE FROM steps ${ofWork}`),
    };
  }

  of(workId: WorkId): readonly Step[] {
    return this.#sql.of.all(...rangeOf(workId)).map((row) => readStored(rowSchema, row));
  }

  count(workId: WorkId): number {
    return Number(this.#sql.count.get(...rangeOf(workId))?.['n'] ?? 0);
  }

  /** `known`: the very step stands already. `misplaced`: it is not the next one. */
  append(workId: WorkId, { n, key, facts, body }: StepRow): 'added' | 'known' | 'misplaced' {
    const id = idOf(workId, n);
    const count = this.count(workId);
    if (n !== count) return n < count && this.#sql.key.get(id)?.['key'] === key ? 'known' : 'misplaced';
    this.#sql.insert.run(id, facts, body.packed ?? body.plain);
    return 'added';
  }

  drop(workId: WorkId): void {
    this.#sql.drop.run(...rangeOf(workId));
  }
}

const rangeOf = (workId: WorkId): [string, string] => [`${workId}/`, `${workId}0`];
const idOf = (workId: WorkId, n: number) => `${workId}/${String(n).padStart(DIGITS, '0')}`;
