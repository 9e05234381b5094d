import { z } from 'zod';
import {
  type Manifest,
  manifestSchema,
  type VersionBook,
} from '../../../../stages/dataset/dataset-version.ts';
import { jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import type { Database } from '../database.ts';

const versionRow = z.object({ manifest: jsonText(manifestSchema) });

/** The versions of the dataset. */
export class SqliteVersionBook implements VersionBook {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async get(name: string): Promise<Manifest | undefined> {
    const row = this.#db.prepare('SELECT manifest FROM dataset_versions WHERE name = ?').get(name);
    return row === undefined ? undefined : readStored(versionRow, row).manifest;
  }

  async add(manifest: Manifest): Promise<Manifest> {
    const insert = this.#db.prepare(
      'INSERT INTO dataset_versions (name, created_at, manifest) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
    const { name, createdAt } = manifest;
    await this.#db.write(() => insert.run(name, createdAt, JSON.stringify(manifest)));
    return (await this.get(name)) ?? manifest;
  }

  async list(): Promise<readonly Manifest[]> {
    const rows = this.#db.prepare('SELECT manifest FROM dataset_versions ORDER BY created_at, name').all();
    return rows.map((row) => readStored(versionRow, row).manifest);
  }
}
