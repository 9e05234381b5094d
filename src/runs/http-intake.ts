import { randomBytes } from 'node:crypto';
import { HttpProblem } from '../infra/http/problem.ts';
import type { QuestionIntake } from '../infra/http/questions/question-intake.ts';
import { topicsOf } from '../stages/stage-names.ts';
import type { Log } from '../streams/log.ts';
import { backlogOf, cached } from './backlog.ts';
import { questionRecord } from './question-record.ts';
import { newRunId } from './run.ts';

const LOOK_EVERY_MS = 2_000;
const RETRY_AFTER_SECONDS = 10;

export type HttpIntakeOptions = Readonly<{ log: Log; namespace: string; maxBacklog: number | undefined }>;

/** Puts what a server is sent into the first topic. Each request is a run of its own. */
export function httpIntake({ log, namespace, maxBacklog }: HttpIntakeOptions): QuestionIntake {
  const topic = topicsOf(namespace).questions;
  const backlog = cached(() => backlogOf(log, namespace), LOOK_EVERY_MS);
  return {
    // Many requests may come in the same second.
    newRun: () => `${newRunId()}${randomBytes(6).toString('hex')}`,
    publish: (asked, { run, position }) =>
      log.publish(
        topic,
        asked.map((each, index) => questionRecord(each, { run, position: position + index })),
      ),
    checkBacklog: async () => {
      if (maxBacklog === undefined) return;
      const waiting = await backlog();
      if (waiting < BigInt(maxBacklog)) return;
      const detail = `${waiting} records wait to be worked, and no more than ${maxBacklog} may: send it again later.`;
      throw new HttpProblem(429, 'backlog', detail, { retryAfterSeconds: RETRY_AFTER_SECONDS });
    },
  };
}
