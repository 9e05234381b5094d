import { z } from 'zod';
import { STAGE_NAMES, type StageName } from '../../../../stages/stage-names.ts';
import type { Pause, PauseBook } from '../../../../stages/store/pause-book.ts';
import { readStored } from '../../../../stages/store/table/read-stored.ts';
import type { Database } from '../database.ts';

const row = z.object({ stage: z.enum(STAGE_NAMES), since: z.string() });

export class SqlitePauseBook implements PauseBook {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async pause(stage: StageName): Promise<void> {
    const insert = this.#db.prepare('INSERT INTO pauses (stage, since) VALUES (?, ?) ON CONFLICT DO NOTHING');
    await this.#db.write(() => insert.run(stage, new Date().toISOString()));
  }

  async resume(stage: StageName): Promise<void> {
    const remove = this.#db.prepare('DELETE FROM pauses WHERE stage = ?');
    await this.#db.write(() => remove.run(stage));
  }

  async list(): Promise<readonly Pause[]> {
    const rows = this.#db.prepare('SELECT stage, since FROM pauses ORDER BY stage').all();
    return rows.map((each) => readStored(row, each));
  }
}
