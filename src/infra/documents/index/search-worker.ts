import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { classifySqlite } from '../../engines/sqlite/failure.ts';
import { openToSearch } from './index-file.ts';
import { searchIndex } from './search.ts';
import type { SearchReply } from './search-thread.ts';

const wantedSchema = z.object({
  id: z.number(),
  text: z.string(),
  limit: z.number(),
  sources: z.array(z.string()).optional(),
});

// A search takes up to some tens of milliseconds: in the thread of the run nothing else could happen meanwhile.
if (parentPort !== null) answer(parentPort, z.string().parse(workerData));

function answer(port: MessagePort, path: string): void {
  let db: ReturnType<typeof openToSearch>;
  const reply = (message: unknown): SearchReply => {
    const { id, ...wanted } = wantedSchema.parse(message);
    try {
      db ??= openToSearch(path);
      return { id, found: db === undefined ? [] : searchIndex(db, wanted) };
    } catch (error) {
      const { code, message } = classifySqlite(error, path);
      return { id, code, message };
    }
  };
  port.on('message', (message: unknown) => port.postMessage(reply(message)));
}
