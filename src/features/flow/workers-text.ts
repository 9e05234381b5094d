import { alignedColumns, count, printable } from '../../infra/terminal/format.ts';
import type { ListedWorker, WorkerState } from '../../stages/store/worker-repository.ts';

/** The processes at work as a person reads them: who works what, what each endpoint is given, and what is the matter. */
export function workersText(listed: readonly ListedWorker[]): string {
  if (listed.length === 0) return 'No process is at work.';
  const rows = listed.map(({ worker, seenSecondsAgo }) => [
    `  ${worker.host}/${worker.pid}`,
    worker.stages.map(({ stage, partitions }) => `${stage}:${partitions}`).join(' '),
    count(sumOf(worker.stages.map(({ inFlight }) => inFlight))),
    count(sumOf(worker.stages.map(({ inHand }) => inHand))),
    `${Math.round(seenSecondsAgo)} s ago`,
  ]);
  const head = ['workers', 'stages:partitions', 'calls', 'in hand', 'seen'];
  return [alignedColumns([head, ...rows]), ...endpointLines(listed), ...alarmLines(listed)].join('\n');
}

function endpointLines(listed: readonly ListedWorker[]): readonly string[] {
  return listed.flatMap(({ worker }) =>
    worker.endpoints
      .filter(({ ceiling }) => ceiling > 0)
      .map(({ endpoint, circuit, cause, limit, ceiling, inFlight }) => {
        const why = cause === undefined ? '' : `: ${printable(cause, 140)}`;
        const calls = `${count(inFlight)} of ${count(Math.floor(limit))} calls now, at most ${count(ceiling)}`;
        return `  ${nameOf(worker)} ${endpoint}: ${calls}, circuit ${circuit}${why}`;
      }),
  );
}

function alarmLines(listed: readonly ListedWorker[]): readonly string[] {
  return listed.flatMap(({ worker }) =>
    worker.alarms.map(
      ({ kind, subject, text, since }) =>
        `  ALARM ${nameOf(worker)} ${kind} ${subject} since ${since}: ${printable(text, 300)}`,
    ),
  );
}

const nameOf = ({ host, pid }: WorkerState) => `${host}/${pid}`;
const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);
