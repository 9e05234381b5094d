import { appendFileSync } from 'node:fs';
import { SqliteWorkStore } from '../../../src/infra/engines/sqlite/work/work-store.ts';
import { JournalFiles } from '../../../src/infra/journal/journal-files.ts';
import { LookUpCache, type LookUpResult } from '../../../src/infra/tools/cache/look-up-cache.ts';
import { NOT_KEPT } from '../../../src/streams/work/journal.ts';
import { hearReplies } from './hear-replies.ts';
import { firstUrl } from './whole-answers.ts';

/**
 * `node search-arrival-point.ts MARKS NUMBER journal|no-journal ARGS…`: `millrace ARGS` in a process that marks each answer of a web search
 * in the file MARKS by the URL of its first result as its last byte is read, and kills itself with SIGKILL at the end of that turn of the
 * event loop at the answer of that number; 0 for never. From that answer on the store takes no step, and no look-up is kept for others who
 * ask the same: the journal alone can save it.
 */
const [, , marks = '', number = '0', mode = '', ...args] = process.argv;

const { appendStep } = SqliteWorkStore.prototype;
let arrived = 0;

hearReplies((body) => {
  const url = firstUrl(body);
  if (url === undefined) return;
  appendFileSync(marks, `${url}\n`);
  arrived += 1;
  if (isDying()) setImmediate(() => process.kill(process.pid, 'SIGKILL'));
});

const isDying = () => number !== '0' && arrived >= Number(number);
SqliteWorkStore.prototype.appendStep = function (held, step) {
  return isDying() ? new Promise(() => undefined) : appendStep.call(this, held, step);
};

LookUpCache.prototype.through = async <T>(
  _of: unknown,
  _schema: unknown,
  make: () => Promise<LookUpResult<T>>,
) => ({
  value: (await make()).value,
  cached: false,
});

if (mode === 'no-journal') JournalFiles.prototype.keep = () => NOT_KEPT;

process.argv = [...process.argv.slice(0, 2), ...args];
await import('../../../src/cli/main.ts');
