import type { APIError } from 'openai';
import { z } from 'zod';
import { Failure, type FailureFacts, NO_USAGE } from '../../streams/failure.ts';
import type { CallContext } from './call-context.ts';
import { safeText, withoutKey } from './redact.ts';
import { retryAfterMs } from './retry-after.ts';

/** The code of a 400 or 422 whose reason is not known: it may be the prompt, or the response format we asked for. */
export const REJECTED = 'request_rejected';

/** A 429 with one of these does not end by waiting: somebody has to pay or to raise a limit. */
const QUOTA_CODES = new Set([
  'insufficient_quota',
  'credit_balance_exhausted',
  'organization_spend_limit_exceeded',
  'project_spend_limit_exceeded',
  'organization_usage_limit_exceeded',
  'billing_hard_limit_reached',
]);
const PROMPT_CODES = new Set([
  'context_length_exceeded',
  'string_above_max_length',
  'content_filter',
  'content_policy_violation',
  'invalid_prompt',
]);
const SETTING_CODES = new Set(['unsupported_parameter', 'unsupported_value', 'unknown_parameter']);
const TRANSIENT = new Map([
  [408, 'server_timeout'],
  [409, 'conflict'],
  [425, 'too_early'],
  [429, 'rate_limited'],
]);

/** Statuses by which a server says that more is asked than it takes; 529 is Anthropic's. */
const PRESSURE = new Map<number, 'rate-limit' | 'overload'>([
  [429, 'rate-limit'],
  [408, 'overload'],
  [503, 'overload'],
  [504, 'overload'],
  [529, 'overload'],
]);

type Answer = Readonly<{
  status: number;
  /** What the server said, fit for a message. */
  said: string;
  has(codes: ReadonlySet<string>): boolean;
  param: string;
  waitMs: number | undefined;
  /** What the model wrote, where the server looked at it and found it bad. */
  unusable: string | undefined;
}>;

/** Groq's way (https://console.groq.com/docs/structured-outputs). */
const failedGeneration = z.object({ failed_generation: z.string() });

/** An answer with an error status, sorted by that status and by the error code in its body. */
export function httpFailure(error: APIError, context: CallContext): Failure {
  const answer = answerOf(error, context);
  const { status } = answer;
  if (answer.unusable !== undefined) return unusableFailure(answer.unusable, answer, context);
  if (status === 402 || (status === 429 && answer.has(QUOTA_CODES))) return quotaFailure(answer, context);
  if (TRANSIENT.has(status) || status >= 500) return transientFailure(answer, context);
  if (status === 401 || status === 403) return keyFailure(answer, context);
  if (status === 404 || error.code === 'model_not_found') return modelFailure(answer, context);
  if (status === 400 || status === 413 || status === 422) return refusedFailure(answer, context);
  const message = `The server at ${context.address} answered with status ${status}: ${answer.said}. Check the base URL.`;
  return new Failure('fatal', 'unexpected_status', message);
}

function answerOf(error: APIError, { apiKey }: CallContext): Answer {
  const status = error.status ?? 0;
  const codes = [error.code, error.type].filter((code) => typeof code === 'string');
  return {
    status,
    said: safeText(error.message.replace(/^\d{3} /, ''), apiKey),
    has: (wanted) => codes.some((code) => wanted.has(code)),
    param: typeof error.param === 'string' ? error.param : '',
    waitMs: retryAfterMs(error.headers ?? new Headers(), Date.now()),
    unusable: failedGeneration.safeParse(error.error).data?.failed_generation,
  };
}

/** The model slipped, and not the request: it is asked again as after any bad answer. */
function unusableFailure(text: string, { said }: Answer, { address, apiKey, model }: CallContext): Failure {
  const message = `The server at ${address} found the answer of the model bad: ${said}`;
  const reply = {
    text: withoutKey(text, apiKey),
    finishReason: 'stop',
    model,
    usage: NO_USAGE,
    costUsd: null,
  };
  return new Failure('content', 'not_json', message, { reply });
}

function waiting({ waitMs }: Answer): FailureFacts {
  return waitMs === undefined ? {} : { retryAfterMs: waitMs };
}

function quotaFailure(answer: Answer, { address, apiKeyVariable }: CallContext): Failure {
  const message = `The quota behind the key in ${apiKeyVariable} is spent, says the server at ${address} (${answer.status}): ${answer.said}. Add credit or raise the limit.`;
  return new Failure('outage', 'quota_exhausted', message, { ...waiting(answer), outageSignal: true });
}

function transientFailure(answer: Answer, { address }: CallContext): Failure {
  const code = TRANSIENT.get(answer.status) ?? 'server_error';
  const message = `The server at ${address} answered with status ${answer.status}: ${answer.said}`;
  const facts = { ...waiting(answer), outageSignal: answer.status >= 500 };
  const pressure = PRESSURE.get(answer.status);
  return new Failure('transient', code, message, pressure === undefined ? facts : { ...facts, pressure });
}

function keyFailure({ status, said }: Answer, { address, apiKey, apiKeyVariable }: CallContext): Failure {
  const what =
    apiKey === undefined
      ? `The server at ${address} wants a key, and ${apiKeyVariable} holds none (${status})`
      : `The server at ${address} refused the key in ${apiKeyVariable} (${status})`;
  return new Failure(
    'fatal',
    'unauthorized',
    `${what}. Set ${apiKeyVariable} to a valid key. The server said: ${said}`,
  );
}

function modelFailure({ status, said }: Answer, { address, model }: CallContext): Failure {
  const message = `The server at ${address} does not know the model ${JSON.stringify(model)} (${status}): ${said}. Name a model it has, or check the base URL.`;
  return new Failure('fatal', 'unknown_model', message);
}

function refusedFailure(answer: Answer, { address, model }: CallContext): Failure {
  const { status, said, param } = answer;
  const message = `The server at ${address} rejected the request (${status}): ${said}`;
  if (status === 413 || answer.has(PROMPT_CODES)) return new Failure('poison', 'prompt_rejected', message);
  if (answer.has(SETTING_CODES) && param !== '' && !/^(response_format|messages)/.test(param)) {
    return new Failure(
      'fatal',
      'bad_setting',
      `The model ${JSON.stringify(model)} at ${address} does not take the setting ${safeText(param, undefined)}: ${said}`,
    );
  }
  return new Failure('poison', REJECTED, message);
}
