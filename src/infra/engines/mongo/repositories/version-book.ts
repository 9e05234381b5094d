import type { Collection } from 'mongodb';
import { z } from 'zod';
import {
  type Manifest,
  manifestSchema,
  type VersionBook,
} from '../../../../stages/dataset/dataset-version.ts';
import { jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import type { VersionDocument } from '../documents.ts';
import { insertNew } from '../insert-new.ts';
import { operation } from '../operation.ts';

const versionDocument = z.object({ manifest: jsonText(manifestSchema) });

/** The versions of the dataset. */
export class MongoVersionBook implements VersionBook {
  readonly #versions: Collection<VersionDocument>;

  constructor(versions: Collection<VersionDocument>) {
    this.#versions = versions;
  }

  async get(name: string): Promise<Manifest | undefined> {
    const found = await operation('reading a version', () => this.#versions.findOne({ _id: name }));
    return found === null ? undefined : readStored(versionDocument, found).manifest;
  }

  async add(manifest: Manifest): Promise<Manifest> {
    const { name, createdAt } = manifest;
    const document = { _id: name, createdAt, manifest: JSON.stringify(manifest) };
    await operation('keeping a version', () => insertNew(this.#versions, [document]));
    return (await this.get(name)) ?? manifest;
  }

  async list(): Promise<readonly Manifest[]> {
    const found = await operation('listing versions', () =>
      this.#versions.find().sort({ createdAt: 1, _id: 1 }).toArray(),
    );
    return found.map((each) => readStored(versionDocument, each).manifest);
  }
}
