import type { StatementSync } from 'node:sqlite';
import type { Offset } from '../../../streams/log/log.ts';
import type { Database } from './database.ts';

/** Where each consumer group reads on. What writes runs inside a write. */
export class GroupOffsets {
  readonly #sql: Readonly<Record<'of' | 'put' | 'drop', StatementSync>>;

  constructor(db: Database) {
    this.#sql = {
      of: db.prepare('SELECT partition, next FROM offsets WHERE consumer_group = ? AND topic = ?'),
      put: db.prepare(
        `INSERT INTO offsets (consumer_group, topic, partition, next) VALUES (?, ?, ?, ?)
         ON CONFLICT (consumer_group, topic, partition) DO UPDATE SET next = excluded.next`,
      ),
      drop: db.prepare('DELETE FROM offsets WHERE consumer_group = ?'),
    };
  }

  of(group: string, topic: string): ReadonlyMap<number, Offset> {
    const rows = this.#sql.of.all(group, topic);
    return new Map(rows.map(({ partition, next }) => [Number(partition), BigInt(Number(next))]));
  }

  put(group: string, topic: string, partition: number, next: Offset): void {
    this.#sql.put.run(group, topic, partition, next);
  }

  drop(group: string): void {
    this.#sql.drop.run(group);
  }
}
