import { appendFileSync } from 'node:fs';
import { hearReplies } from './hear-replies.ts';
import { firstUrl, workAnswered } from './whole-answers.ts';

/**
 * `node mark-arrivals.ts MARKS ARGS…`: `millrace ARGS` in a process that marks each answer of the model by its work, and each of a web search
 * by the URL of its first result, in the file MARKS at the end of the turn of the event loop in which it came: what is marked stands in the
 * journal, wherever a kill from outside strikes.
 */
const [, , marks = '', ...args] = process.argv;

hearReplies((body) => {
  const came = workAnswered(body) ?? firstUrl(body);
  if (came !== undefined) setImmediate(() => appendFileSync(marks, `${came}\n`));
});

process.argv = [...process.argv.slice(0, 2), ...args];
await import('../../../src/cli/main.ts');
