import { appendFileSync } from 'node:fs';
import { JournalFiles } from '../../../src/infra/journal/journal-files.ts';
import { NOT_KEPT } from '../../../src/streams/work/journal.ts';
import { hearReplies } from './hear-replies.ts';
import { firstUrl, workAnswered } from './whole-answers.ts';

/**
 * `node mark-arrivals.ts MARKS NUMBER journal|no-journal ARGS…`: `millrace ARGS` in a process that marks each answer of the model by its work,
 * and each of a web search by the URL of its first result, in the file MARKS at the end of the turn of the event loop in which it came: what
 * is marked stands in the journal, wherever a kill from outside strikes. It kills itself with SIGKILL there at the arrival of that number; 0
 * for never.
 */
const [, , marks = '', number = '0', mode = '', ...args] = process.argv;

let arrived = 0;

hearReplies((body) => {
  const came = workAnswered(body) ?? firstUrl(body);
  if (came === undefined) return;
  setImmediate(() => {
    appendFileSync(marks, `${came}\n`);
    arrived += 1;
    if (arrived === Number(number)) process.kill(process.pid, 'SIGKILL');
  });
});

if (mode === 'no-journal') {
  JournalFiles.prototype.arrived = () => NOT_KEPT;
  JournalFiles.prototype.keep = () => NOT_KEPT;
}

process.argv = [...process.argv.slice(0, 2), ...args];
await import('../../../src/cli/main.ts');
