import { appendFileSync } from 'node:fs';
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import { JournalFiles } from '../../../src/infra/journal/journal-files.ts';
import { TextHandler } from '../../../src/infra/models/openai/transport/text-handler.ts';
import { NOT_KEPT } from '../../../src/streams/work/journal.ts';

/**
 * `node arrival-point.ts MARKS NUMBER journal|no-journal ARGS…`: `millrace ARGS` in a process that marks the work of each
 * completion in the file MARKS in the very turn in which it has read its last byte, and kills itself with SIGKILL at the end of
 * that turn at the completion of that number; 0 for never. `no-journal`: nothing is written to the journal.
 */
const [, , marks = '', number = '0', mode = '', ...args] = process.argv;

const completion = z.object({ id: z.string(), choices: z.array(z.unknown()) });
const { onResponseData, onResponseEnd } = TextHandler.prototype;
const read = new WeakMap<TextHandler, Buffer[]>();
let arrived = 0;

TextHandler.prototype.onResponseData = function (controller: Dispatcher.DispatchController, chunk: Buffer) {
  read.set(this, [...(read.get(this) ?? []), chunk]);
  onResponseData.call(this, controller, chunk);
};

TextHandler.prototype.onResponseEnd = function () {
  onResponseEnd.call(this);
  const work = workOf(Buffer.concat(read.get(this) ?? []).toString());
  if (work === undefined) return;
  appendFileSync(marks, `${work}\n`);
  arrived += 1;
  if (arrived === Number(number)) process.kill(process.pid, 'SIGKILL');
};

if (mode === 'no-journal') JournalFiles.prototype.arrived = () => NOT_KEPT;

/** The work that the scripted server names in a completion; `undefined` for an error, and for no answer at all. */
function workOf(body: string): string | undefined {
  try {
    return completion.safeParse(JSON.parse(body)).data?.id;
  } catch {
    return undefined;
  }
}

process.argv = [...process.argv.slice(0, 2), ...args];
await import('../../../src/cli/main.ts');
