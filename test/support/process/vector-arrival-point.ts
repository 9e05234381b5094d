import { appendFileSync } from 'node:fs';
import { MongoWorkStore } from '../../../src/infra/engines/mongo/work/work-store.ts';
import { SqliteWorkStore } from '../../../src/infra/engines/sqlite/work/work-store.ts';
import { JournalFiles } from '../../../src/infra/journal/journal-files.ts';
import { LookUps } from '../../../src/stages/store/repositories/look-ups.ts';
import { NOT_KEPT } from '../../../src/streams/work/journal.ts';
import { hearReplies } from './hear-replies.ts';

/**
 * `node vector-arrival-point.ts MARKS NUMBER journal|no-journal ARGS…`: `millrace ARGS` in a process that marks each reply with a vector by a
 * line in the file MARKS as its last byte is read, and kills itself with SIGKILL at the end of that turn of the event loop at the reply of
 * that number; 0 for never. From that reply on the store takes no step and keeps no look-up: the journal alone can save it.
 */
const [, , marks = '', number = '0', mode = '', ...args] = process.argv;

const { keep } = LookUps.prototype;
const never = () => new Promise<never>(() => undefined);
let arrived = 0;

const isDying = () => number !== '0' && arrived >= Number(number);

hearReplies((body) => {
  if (!body.includes('"object":"embedding"')) return;
  arrived += 1;
  appendFileSync(marks, `vector ${arrived} of ${process.pid}\n`);
  if (isDying()) setImmediate(() => process.kill(process.pid, 'SIGKILL'));
});

LookUps.prototype.keep = function (lookUp) {
  return isDying() ? never() : keep.call(this, lookUp);
};
for (const { prototype } of [SqliteWorkStore, MongoWorkStore]) {
  const { appendStep } = prototype;
  prototype.appendStep = function (held, step) {
    return isDying() ? never() : appendStep.call(this, held, step);
  };
}

if (mode === 'no-journal') JournalFiles.prototype.keep = () => NOT_KEPT;

process.argv = [...process.argv.slice(0, 2), ...args];
await import('../../../src/cli/main.ts');
