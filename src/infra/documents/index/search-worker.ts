import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { classifySqlite } from '../../engines/sqlite/failure.ts';
import { vectorSpaceSchema } from '../vectors/vector-index.ts';
import { IndexDatabase } from './index-database.ts';
import { openToSearch } from './index-file.ts';
import { readIndex, searchIndex } from './search.ts';
import type { SearchReply } from './search-thread.ts';
import { VectorTable } from './vector-table.ts';

const wantedSchema = z.object({
  text: z.string(),
  limit: z.number(),
  sources: z.array(z.string()).optional(),
  vector: z.object({ space: vectorSpaceSchema, values: z.instanceof(Int8Array) }).optional(),
});
const stretchSchema = z.object({
  source: z.string(),
  path: z.string(),
  from: z.number(),
  characters: z.number(),
});
const askedSchema = z.object({
  id: z.number(),
  asked: z.union([wantedSchema, stretchSchema, z.literal('spaces')]),
});

// A search takes up to some tens of milliseconds: in the thread of the run nothing else could happen meanwhile.
if (parentPort !== null) answer(parentPort, z.string().parse(workerData));

function answer(port: MessagePort, path: string): void {
  let db: ReturnType<typeof openToSearch>;
  const reply = (message: unknown): SearchReply => {
    const { id, asked } = askedSchema.parse(message);
    try {
      db ??= openToSearch(path);
      if (db === undefined) return { id };
      if (asked === 'spaces') return { id, spaces: new VectorTable(new IndexDatabase(db, path)).spaces() };
      return 'text' in asked ? { id, found: searchIndex(db, asked) } : { id, read: readIndex(db, asked) };
    } catch (error) {
      const { code, message } = classifySqlite(error, path);
      return { id, code, message };
    }
  };
  port.on('message', (message: unknown) => port.postMessage(reply(message)));
}
