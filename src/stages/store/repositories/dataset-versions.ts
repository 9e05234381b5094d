import { z } from 'zod';
import { type Manifest, manifestSchema, type VersionRepository } from '../../dataset/dataset-version.ts';
import { jsonText, readStored } from '../table/read-stored.ts';
import { insert, type Tables, tableOf } from '../table/table.ts';

/** By name. */
const VERSIONS = tableOf('dataset_versions', { id: 'text', createdAt: 'text', manifest: 'text' });

const versionRow = z.object({ manifest: jsonText(manifestSchema) });

export class DatasetVersions implements VersionRepository {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  async get(name: string): Promise<Manifest | undefined> {
    const row = await this.#tables.get(VERSIONS, name);
    return row === undefined ? undefined : readStored(versionRow, row).manifest;
  }

  async add(manifest: Manifest): Promise<Manifest> {
    const { name, createdAt } = manifest;
    await this.#tables.write([insert(VERSIONS, { id: name, createdAt, manifest: JSON.stringify(manifest) })]);
    return (await this.get(name)) ?? manifest;
  }

  async list(): Promise<readonly Manifest[]> {
    const rows = await this.#tables.page(VERSIONS, { where: {}, order: ['createdAt', 'id'] });
    return rows.map((row) => readStored(versionRow, row).manifest);
  }
}
