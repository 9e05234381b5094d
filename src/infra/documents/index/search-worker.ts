import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { classifySqlite } from '../../engines/sqlite/failure.ts';
import { openToSearch } from './index-file.ts';
import { searchIndex } from './search.ts';
import type { SearchReply } from './search-thread.ts';

const path = z.string().parse(workerData);
const wantedSchema = z.object({
  id: z.number(),
  text: z.string(),
  limit: z.number(),
  sources: z.array(z.string()).optional(),
});

let db: ReturnType<typeof openToSearch>;

// A search takes up to some tens of milliseconds: in the thread of the run nothing else could happen meanwhile.
parentPort?.on('message', (message: unknown) => {
  const { id, ...wanted } = wantedSchema.parse(message);
  parentPort?.postMessage(reply(id, wanted));
});

function reply(id: number, wanted: Parameters<typeof searchIndex>[1]): SearchReply {
  try {
    db ??= openToSearch(path);
    return { id, found: db === undefined ? [] : searchIndex(db, wanted) };
  } catch (error) {
    const { code, message } = classifySqlite(error, path);
    return { id, code, message };
  }
}
