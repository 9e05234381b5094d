import { randomBytes } from 'node:crypto';
import { HttpProblem } from '../../../infra/http/problem.ts';
import type { LaneRepository } from '../../../stages/lanes/lane.ts';
import type { Log } from '../../../streams/log/log.ts';
import { retryWithin } from '../../../streams/work/retry-within.ts';
import { backlogOf, cached } from '../../flow/backlog.ts';
import { newRunId } from '../../run/run.ts';
import { publishQuestions } from '../question-record.ts';
import { fieldsOfMain } from '../with-fields.ts';
import type { QuestionIntake } from './question-intake.ts';

const LOOK_EVERY_MS = 2_000;
const RETRY_AFTER_SECONDS = 10;

/** A leader that is elected, or a broker that is restarted, is worth waiting for; a client's patience is shorter. */
const PATIENCE_MS = 10_000;

export type HttpIntakeOptions = Readonly<{
  log: Pick<Log, 'publish' | 'beginningOffsets' | 'endOffsets' | 'committedOffsets'>;
  lanes: Pick<LaneRepository, 'get'>;
  namespace: string;
  maxBacklog: number | undefined;
  /** How long an outage is waited out before a request is told of it. */
  patienceMs?: number;
}>;

/** Puts what a server is sent into the first topic. Each request is a run of its own. */
export function httpIntake({
  log,
  lanes,
  namespace,
  maxBacklog,
  patienceMs = PATIENCE_MS,
}: HttpIntakeOptions): QuestionIntake {
  const backlog = cached(() => backlogOf(log, namespace), LOOK_EVERY_MS);
  return {
    // Many requests may come in the same second.
    newRun: () => `${newRunId()}${randomBytes(6).toString('hex')}`,
    publish: (asked, asking) =>
      retryWithin(() => publishQuestions(log, namespace, asked, asking), patienceMs),
    fields: () => retryWithin(() => fieldsOfMain(lanes), patienceMs),
    checkBacklog: async () => {
      if (maxBacklog === undefined) return;
      const waiting = await backlog();
      if (waiting < maxBacklog) return;
      const detail = `${waiting} records wait to be worked, and no more than ${maxBacklog} may: send it again later.`;
      throw new HttpProblem(429, 'backlog', detail, { retryAfterSeconds: RETRY_AFTER_SECONDS });
    },
  };
}
