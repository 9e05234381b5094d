import { appendFileSync } from 'node:fs';
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import { SqliteWorkStore } from '../../../src/infra/engines/sqlite/work/work-store.ts';
import { JournalFiles } from '../../../src/infra/journal/journal-files.ts';
import { TextHandler } from '../../../src/infra/models/openai/transport/text-handler.ts';
import { KeptLookUps, type LookUpResult } from '../../../src/infra/tools/kept/kept-look-ups.ts';
import { NOT_KEPT } from '../../../src/streams/work/journal.ts';

/**
 * `node search-arrival-point.ts MARKS NUMBER journal|no-journal ARGS…`: `millrace ARGS` in a process that marks each answer of a web search
 * in the file MARKS by the URL of its first result as its last byte is read, and kills itself with SIGKILL at the end of that turn of the
 * event loop at the answer of that number; 0 for never. From that answer on the store takes no step, and no look-up is kept for others who
 * ask the same: the journal alone can save it.
 */
const [, , marks = '', number = '0', mode = '', ...args] = process.argv;

const found = z.object({ results: z.array(z.object({ url: z.string() })).min(1) });
const { onResponseData, onResponseEnd } = TextHandler.prototype;
const { appendStep } = SqliteWorkStore.prototype;
const read = new WeakMap<TextHandler, Buffer[]>();
let arrived = 0;

TextHandler.prototype.onResponseData = function (controller: Dispatcher.DispatchController, chunk: Buffer) {
  read.set(this, [...(read.get(this) ?? []), chunk]);
  onResponseData.call(this, controller, chunk);
};

TextHandler.prototype.onResponseEnd = function () {
  onResponseEnd.call(this);
  const url = firstUrl(Buffer.concat(read.get(this) ?? []).toString());
  if (url === undefined) return;
  appendFileSync(marks, `${url}\n`);
  arrived += 1;
  if (isDying()) setImmediate(() => process.kill(process.pid, 'SIGKILL'));
};

const isDying = () => number !== '0' && arrived >= Number(number);
SqliteWorkStore.prototype.appendStep = function (held, step) {
  return isDying() ? new Promise(() => undefined) : appendStep.call(this, held, step);
};

KeptLookUps.prototype.through = async <T>(
  _of: unknown,
  _schema: unknown,
  make: () => Promise<LookUpResult<T>>,
) => ({
  value: (await make()).value,
  cached: false,
});

if (mode === 'no-journal') JournalFiles.prototype.keep = () => NOT_KEPT;

/** Of an answer of SearXNG; `undefined` for any other body. */
function firstUrl(body: string): string | undefined {
  try {
    return found.safeParse(JSON.parse(body)).data?.results[0]?.url;
  } catch {
    return undefined;
  }
}

process.argv = [...process.argv.slice(0, 2), ...args];
await import('../../../src/cli/main.ts');
