import type { StatementSync } from 'node:sqlite';
import type { Offset } from '../../../streams/log/log.ts';
import type { Database } from './database.ts';
import { recordRange } from './record-id.ts';

export type Topic = Readonly<{ name: string; id: number; partitions: number }>;

/** From the offset of the first record to that behind the last. */
export type PartitionBounds = Readonly<{ partition: number; begin: Offset; end: Offset }>;

/** The topics of a file, and which offsets their partitions hold. */
export class TopicTable {
  readonly #sql: Readonly<Record<'find' | 'bounds' | 'at', StatementSync>>;

  constructor(db: Database) {
    const range = 'FROM records WHERE id >= ?1 AND id < ?2';
    this.#sql = {
      find: db.prepare('SELECT id, partitions FROM topics WHERE name = ?'),
      // Each by itself is one step into the index; together they would read the range.
      bounds: db.prepare(`SELECT (SELECT min(id) ${range}) AS first, (SELECT max(id) ${range}) AS last`),
      at: db.prepare(`SELECT id ${range} AND timestamp_ms >= ?3 ORDER BY id LIMIT 1`),
    };
    this.#sql.bounds.setReadBigInts(true);
    this.#sql.at.setReadBigInts(true);
  }

  find(name: string): Topic | undefined {
    const row = this.#sql.find.get(name);
    return row && { name, id: Number(row['id']), partitions: Number(row['partitions']) };
  }

  boundsOf({ id, partitions }: Topic): readonly PartitionBounds[] {
    return Array.from({ length: partitions }, (_, partition) => {
      const { from, to } = recordRange(id, partition);
      const { first, last } = this.#sql.bounds.get(from, to) ?? {};
      const begin = typeof first === 'bigint' ? first - from : 0n;
      return { partition, begin, end: typeof last === 'bigint' ? last + 1n - from : 0n };
    });
  }

  /** Appended in the order of time, so the first in time is the first in place; a set-back clock is no reason to skip. */
  offsetsAt(topic: Topic, timestampMs: number): ReadonlyMap<number, Offset> {
    const offsets = this.boundsOf(topic).map(({ partition, end }) => {
      const { from, to } = recordRange(topic.id, partition);
      const id = this.#sql.at.get(from, to, timestampMs)?.['id'];
      return [partition, typeof id === 'bigint' ? id - from : end] as const;
    });
    return new Map(offsets);
  }
}
