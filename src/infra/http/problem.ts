import { z } from 'zod';
import { Failure } from '../../streams/failure.ts';

export const PROBLEM_TYPE = 'application/problem+json';
const UNEXPECTED = 'Something is wrong with this server that needs a person: its log says more.';
const RETRY_AFTER_SECONDS = 5;
/** What is fatal to an input is the fault of who sent it. */
const OF_THE_INPUT = /^input_/;

/** Every reply that is no success (RFC 9457): what went wrong, and what to do. */
export const problemSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** For people. */
  detail: z.string(),
  /** For programs: stable. */
  code: z.string(),
});
export type Problem = Readonly<z.output<typeof problemSchema>>;

type HttpProblemFacts = Readonly<{
  cause?: unknown;
  retryAfterSeconds?: number;
  /** Further members of the reply. */
  members?: Readonly<Record<string, unknown>>;
}>;

/** Thrown by a route to answer with a problem. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly code: string;
  readonly facts: HttpProblemFacts;

  constructor(status: number, code: string, detail: string, facts: HttpProblemFacts = {}) {
    super(detail, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.status = status;
    this.code = code;
    this.facts = facts;
  }
}

/** What a client is told about anything thrown. The text of what nobody expected stays here. */
export function asHttpProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof Failure) return problemOf(error);
  const status = statusOf(error);
  if (status !== undefined && error instanceof Error)
    return new HttpProblem(status, 'bad_request', error.message, { cause: error });
  return new HttpProblem(500, 'unexpected', UNEXPECTED, { cause: error });
}

export function problemBody({ status, code, message, facts }: HttpProblem): Problem {
  // Every start reads this file, and few of them need Node's `http`.
  const title = process.getBuiltinModule('node:http').STATUS_CODES[status] ?? 'Error';
  return { ...facts.members, type: 'about:blank', title, status, detail: message, code };
}

function problemOf(failure: Failure): HttpProblem {
  const { kind, code, message } = failure;
  switch (kind) {
    case 'outage':
    case 'transient':
      return new HttpProblem(503, code, message, { cause: failure, retryAfterSeconds: RETRY_AFTER_SECONDS });
    case 'content':
    case 'poison':
      return new HttpProblem(400, code, message, { cause: failure });
    case 'fatal':
      return OF_THE_INPUT.test(code)
        ? new HttpProblem(400, code, message, { cause: failure })
        : new HttpProblem(500, code, UNEXPECTED, { cause: failure });
    default:
      return kind satisfies never;
  }
}

/** The status that fastify gives to what a client did wrong. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
