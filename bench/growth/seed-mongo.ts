import { type Document, MongoClient } from 'mongodb';
import { collectionsOf } from '../../src/infra/engines/mongo/collections.ts';
import { rollUp } from '../../src/infra/engines/mongo/counts/roll-up.ts';
import { TEMPLATE } from './sizes.ts';

const MINUTE_MS = 60_000;

type Template = Readonly<{ collection: string; documents: readonly Document[] }>;

/**
 * Copies what one run has stored in a database, under ids of their own. Only MongoDB is filled: of Kafka everything here
 * reads ends of partitions alone.
 */
export class MongoSeeder {
  readonly #client: MongoClient;
  readonly #namespace: string;
  readonly #templates: readonly Template[];
  #copies = 1;

  private constructor(client: MongoClient, namespace: string, templates: readonly Template[]) {
    this.#client = client;
    this.#namespace = namespace;
    this.#templates = templates;
  }

  /** @param namespace the database of a run of `TEMPLATE` questions, just ended. */
  static async open(uri: string, namespace: string): Promise<MongoSeeder> {
    const client = await new MongoClient(uri).connect();
    const names = await client.db(namespace).listCollections().toArray();
    const templates: Template[] = [];
    for (const { name } of names) {
      const documents = await client
        .db(namespace)
        .collection(name)
        .find({ questionId: { $exists: true } })
        .toArray();
      if (documents.length > 0) templates.push({ collection: name, documents });
    }
    return new MongoSeeder(client, namespace, templates);
  }

  async copyTo(questions: number): Promise<void> {
    const db = this.#client.db(this.#namespace);
    for (; this.#copies < Math.ceil(questions / TEMPLATE); this.#copies += 1)
      for (const { collection, documents } of this.#templates)
        await db.collection(collection).insertMany(
          documents.map((each) => copyOf(each, this.#copies)),
          { ordered: false },
        );
    // As workers do beside the work: so many were not stored in a moment.
    await rollUp(collectionsOf(db), { now: new Date(Date.now() + MINUTE_MS) });
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

function copyOf(document: Document, copy: number): Document {
  // What is copied is in no counter yet.
  const { counted: _, ...stored } = document;
  const { _id, questionId, position } = stored;
  const id = `${questionId.slice(0, 6)}${copy.toString(16).padStart(6, '0')}${questionId.slice(12)}`;
  const copied = { ...stored, _id: String(_id).replace(questionId, id), questionId: id };
  return position === undefined ? copied : { ...copied, position: position + copy * TEMPLATE };
}
