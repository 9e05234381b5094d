import { MongoWorkStore } from '../../../src/infra/engines/mongo/work/work-store.ts';
import { SqliteWorkStore } from '../../../src/infra/engines/sqlite/work/work-store.ts';
import type { WorkStore } from '../../../src/streams/work/work.ts';

/**
 * `node step-point.ts KEY before|after ARGS…`: `millrace ARGS` in a process that kills itself with SIGKILL at the first step of that key,
 * just before it is written or as soon as it is durable. `complete` is the end of the first research.
 */
const [, , key = '', moment = '', ...args] = process.argv;

function strike(at: string, when: 'before' | 'after'): void {
  if (at === key && when === moment) process.kill(process.pid, 'SIGKILL');
}

function strikeIn(prototype: Pick<WorkStore<unknown>, 'appendStep' | 'complete'>): void {
  const { appendStep, complete } = prototype;
  prototype.appendStep = async function (held, step) {
    strike(step.key, 'before');
    const stored = await appendStep.call(this, held, step);
    strike(step.key, 'after');
    return stored;
  };
  prototype.complete = async function (held, finished) {
    const at = held.workId.includes('/research/') ? 'complete' : '';
    strike(at, 'before');
    const stored = await complete.call(this, held, finished);
    strike(at, 'after');
    return stored;
  };
}

for (const { prototype } of [SqliteWorkStore, MongoWorkStore]) strikeIn(prototype);
process.argv = [...process.argv.slice(0, 2), ...args];
await import('../../../src/cli/main.ts');
