import type { ListedWorker } from '../../../stages/store/worker-repository.ts';
import { warning } from './check.ts';

/** The alarms that processes at work show in the store: nothing where none is open. */
export function alarmsOf(listed: readonly ListedWorker[]) {
  return listed.flatMap(({ worker: { host, pid, alarms } }) =>
    alarms.map(({ kind, subject, text }) =>
      warning(`alarm ${kind} of ${subject} in ${host}/${pid}: ${text}`, `see ${kind} in docs/operations.md`),
    ),
  );
}
