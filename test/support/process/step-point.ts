import { setImmediate as nextTurn } from 'node:timers/promises';
import { MongoWorkStore } from '../../../src/infra/engines/mongo/work/work-store.ts';
import { SqliteWorkStore } from '../../../src/infra/engines/sqlite/work/work-store.ts';
import { EvidenceUses } from '../../../src/stages/store/repositories/evidence-uses.ts';
import { LookUps } from '../../../src/stages/store/repositories/look-ups.ts';
import type { WorkStore } from '../../../src/streams/work/work.ts';

/**
 * `node step-point.ts KEY before|after ARGS…`: `millrace ARGS` in a process that kills itself with SIGKILL at the first step of that key,
 * just before it is written or as soon as it is durable. `complete` is the end of the first research, `seen` what is noted of the pieces
 * that a step shows, `cited` what is noted of the quotes, and `kept` a look-up that is kept for whoever asks the same: no step of it is
 * written then, so that the row alone can save it.
 */
const [, , key = '', moment = '', ...args] = process.argv;

/** What an earlier process left in its journal becomes a step all the same. */
let looked = false;

function strike(at: string, when: 'before' | 'after'): void {
  if (at === key && when === moment) process.kill(process.pid, 'SIGKILL');
}

async function around<T>(at: string, write: () => Promise<T>): Promise<T> {
  strike(at, 'before');
  const written = await write();
  strike(at, 'after');
  return written;
}

function strikeIn(prototype: Pick<WorkStore<unknown>, 'appendStep' | 'complete'>): void {
  const { appendStep, complete } = prototype;
  prototype.appendStep = function (held, step) {
    if (key === 'kept' && looked && step.kind === 'result') return new Promise(() => undefined);
    return around(step.key, () => appendStep.call(this, held, step));
  };
  prototype.complete = function (held, finished) {
    const at = held.workId.includes('/research/') ? 'complete' : '';
    return around(at, () => complete.call(this, held, finished));
  };
}

for (const { prototype } of [SqliteWorkStore, MongoWorkStore]) strikeIn(prototype);
const { note } = EvidenceUses.prototype;
EvidenceUses.prototype.note = function (uses) {
  return around(uses.some(({ cited }) => cited) ? 'cited' : 'seen', () => note.call(this, uses));
};
const { keep } = LookUps.prototype;
LookUps.prototype.keep = async function (lookUp) {
  looked = true;
  // At the end of the turn in which it came: what was paid for stands in the journal by then.
  await nextTurn();
  return around('kept', () => keep.call(this, lookUp));
};
process.argv = [...process.argv.slice(0, 2), ...args];
await import('../../../src/cli/main.ts');
