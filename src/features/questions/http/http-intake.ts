import { randomBytes } from 'node:crypto';
import { HttpProblem } from '../../../infra/http/problem.ts';
import type { QuestionEntry } from '../../../infra/input/input-entry.ts';
import type { LaneRepository } from '../../../stages/lanes/lane.ts';
import { MAX_ENTRY_BYTES } from '../../../stages/limits.ts';
import type { NamedFields } from '../../../stages/question-parts/named-fields.ts';
import type { Log } from '../../../streams/log/log.ts';
import { retryWithin } from '../../../streams/work/retry-within.ts';
import { cached } from '../../flow/cached.ts';
import { backlogOf } from '../../flow/lag.ts';
import { newRunId } from '../../run/open-run.ts';
import { publishQuestions } from '../question-record.ts';
import { fieldsOfMain } from '../with-fields.ts';

const LOOK_EVERY_MS = 2_000;
const RETRY_AFTER_SECONDS = 10;

/** A leader that is elected, or a broker that is restarted, is worth waiting for; a client's patience is shorter. */
const PATIENCE_MS = 10_000;

/** Where a server puts the questions that it is sent. */
export type QuestionIntake = Readonly<{
  /** Names one request, as a run is named. */
  newRun(): string;
  /** Resolves once the log has acknowledged them all; rejects with a Failure. `position`: of the first in the request. */
  publish(
    asked: readonly QuestionEntry[],
    asking: Readonly<{ run: string; position: number }>,
  ): Promise<void>;
  /** The names of an asker's own values that prompts use: with them questions are told apart. */
  fields(): Promise<NamedFields>;
  /** Throws while so much waits to be worked that no more should come. */
  checkBacklog(): Promise<void>;
}>;

export type IntakeLimits = Readonly<{
  /** One line of NDJSON, or one question of a body of JSON. */
  entryBytes: number;
  /** A body of JSON, which is held as a whole. */
  jsonBytes: number;
  /** A body of NDJSON, which is not. */
  ndjsonBytes: number;
  /** In one request, bad ones included. */
  entries: number;
  /** Held by all requests at the same time. */
  heldBytes: number;
  requests: number;
  idleBodyMs: number;
}>;

export const INTAKE_LIMITS: IntakeLimits = {
  entryBytes: MAX_ENTRY_BYTES,
  jsonBytes: 8 * 1_024 * 1_024,
  ndjsonBytes: 1_024 * 1_024 * 1_024,
  entries: 100_000,
  heldBytes: 128 * 1_024 * 1_024,
  requests: 100,
  idleBodyMs: 30_000,
};

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
