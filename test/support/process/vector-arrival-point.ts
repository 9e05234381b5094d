import { appendFileSync } from 'node:fs';
import type { Dispatcher } from 'undici';
import { MongoWorkStore } from '../../../src/infra/engines/mongo/work/work-store.ts';
import { SqliteWorkStore } from '../../../src/infra/engines/sqlite/work/work-store.ts';
import { JournalFiles } from '../../../src/infra/journal/journal-files.ts';
import { TextHandler } from '../../../src/infra/models/openai/transport/text-handler.ts';
import { LookUps } from '../../../src/stages/store/repositories/look-ups.ts';
import { NOT_KEPT } from '../../../src/streams/work/journal.ts';

/**
 * `node vector-arrival-point.ts MARKS NUMBER journal|no-journal ARGS…`: `millrace ARGS` in a process that marks each reply with a vector by a
 * line in the file MARKS as its last byte is read, and kills itself with SIGKILL at the end of that turn of the event loop at the reply of
 * that number; 0 for never. From that reply on the store takes no step and keeps no look-up: the journal alone can save it.
 */
const [, , marks = '', number = '0', mode = '', ...args] = process.argv;

const { onResponseData, onResponseEnd } = TextHandler.prototype;
const { keep } = LookUps.prototype;
const read = new WeakMap<TextHandler, Buffer[]>();
const never = () => new Promise<never>(() => undefined);
let arrived = 0;

const isDying = () => number !== '0' && arrived >= Number(number);

TextHandler.prototype.onResponseData = function (controller: Dispatcher.DispatchController, chunk: Buffer) {
  read.set(this, [...(read.get(this) ?? []), chunk]);
  onResponseData.call(this, controller, chunk);
};

TextHandler.prototype.onResponseEnd = function () {
  onResponseEnd.call(this);
  if (!Buffer.concat(read.get(this) ?? []).includes('"object":"embedding"')) return;
  arrived += 1;
  appendFileSync(marks, `vector ${arrived} of ${process.pid}\n`);
  if (isDying()) setImmediate(() => process.kill(process.pid, 'SIGKILL'));
};

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
