import { appendFileSync } from 'node:fs';
import { JournalFiles } from '../../../src/infra/journal/journal-files.ts';
import { NOT_KEPT } from '../../../src/streams/work/journal.ts';
import { hearReplies } from './hear-replies.ts';
import { workAnswered } from './whole-answers.ts';

/**
 * `node arrival-point.ts MARKS NUMBER journal|no-journal ARGS…`: `millrace ARGS` in a process that marks the work of each
 * completion in the file MARKS in the very turn in which it has read its last byte, and kills itself with SIGKILL at the end of
 * that turn at the completion of that number; 0 for never. `no-journal`: nothing is written to the journal.
 */
const [, , marks = '', number = '0', mode = '', ...args] = process.argv;

let arrived = 0;

hearReplies((body) => {
  const work = workAnswered(body);
  if (work === undefined) return;
  appendFileSync(marks, `${work}\n`);
  arrived += 1;
  if (arrived === Number(number)) process.kill(process.pid, 'SIGKILL');
});

if (mode === 'no-journal') JournalFiles.prototype.arrived = () => NOT_KEPT;

process.argv = [...process.argv.slice(0, 2), ...args];
await import('../../../src/cli/main.ts');
