import { z } from 'zod';
import type { StageName } from '../../stage-names.ts';
import type { Pause, PauseRepository } from '../pause-repository.ts';
import { readStored } from '../table/read-stored.ts';
import { insert, remove, type Tables, tableOf } from '../table/table.ts';

/** By the name of the stage. */
const PAUSES = tableOf('pauses', { id: 'text', since: 'text' });

const pauseRow = z
  .object({ id: z.string(), since: z.string() })
  .transform(({ id, since }): Pause => ({ stage: id, since }));

export class Pauses implements PauseRepository {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  async pause(stage: StageName): Promise<void> {
    await this.#tables.write([insert(PAUSES, { id: stage, since: new Date().toISOString() })]);
  }

  async resume(stage: StageName): Promise<void> {
    await this.#tables.write([remove(PAUSES, { id: stage })]);
  }

  async list(): Promise<readonly Pause[]> {
    const rows = await this.#tables.page(PAUSES, { where: {}, order: ['id'] });
    return rows.map((row) => readStored(pauseRow, row));
  }
}
