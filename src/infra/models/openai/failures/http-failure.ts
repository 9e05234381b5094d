import {
  Failure,
  type FailureFacts,
  NO_USAGE,
  QUOTA_EXHAUSTED,
  UNAUTHORIZED,
} from '../../../../streams/failure.ts';
import type { CallContext } from './call-context.ts';
import { errorBody } from './error-body.ts';
import type { HttpRefusal } from './http-refusal.ts';
import { safeText, withoutSecrets } from './redact.ts';
import { retryAfterMs } from './retry-after.ts';
import { FLAGGED_CODES, PROMPT_CODES, QUOTA_CODES, SETTING_CODES } from './vendor-codes.ts';

/** The code of a 400 or 422 whose reason is not known: it may be the prompt, or the response format we asked for. */
export const REJECTED = 'request_rejected';
/** A 403: the key, or this prompt before a firewall. */
const FORBIDDEN = 'forbidden';
/** A refusal whose reason is not known may be chance: it is believed the third time. */
const TIMES_REJECTED = 3;
const TRANSIENT = new Map([
  [408, 'server_timeout'],
  [409, 'conflict'],
  // The old Twitter API's rate limit, which some gateways speak.
  [420, 'rate_limited'],
  // A connection, or a gateway, that led to the wrong place.
  [421, 'misdirected'],
  // A dependency failed, or the model is being loaded (Hugging Face).
  [424, 'failed_dependency'],
  [425, 'too_early'],
  [429, 'rate_limited'],
  // Groq's: no capacity for this tier at the moment.
  [498, 'no_capacity'],
  // nginx's: the gateway says that the one before it hung up.
  [499, 'cancelled'],
]);

/** Statuses by which a server says that more is asked than it takes; 529 is Anthropic's. */
const PRESSURE = new Map<number, 'rate-limit' | 'overload'>([
  [420, 'rate-limit'],
  [429, 'rate-limit'],
  [408, 'overload'],
  [498, 'overload'],
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
  /** Where it says that it has moved to. */
  location: string;
  /** What the model wrote, where the server looked at it and found it bad. */
  unusable: string | undefined;
  flagged: boolean;
}>;

/** An answer with an error status, sorted by that status and by the error code in its body. */
export function httpFailure(refusal: HttpRefusal, context: CallContext): Failure {
  const answer = answerOf(refusal, context);
  const { status } = answer;
  if (answer.unusable !== undefined) return unusableFailure(answer.unusable, answer, context);
  if (status === 402 || answer.has(QUOTA_CODES)) return quotaFailure(answer, context);
  if (answer.has(BAD_JSON)) return transientFailure(answer, context);
  if (TRANSIENT.has(status) || status >= 500) return transientFailure(answer, context);
  if (status === 451 || answer.flagged || (status !== 401 && answer.has(FLAGGED_CODES)))
    return flaggedFailure(answer, context);
  if (status === 401 || status === 403 || status === 407) return keyFailure(answer, context);
  if (status === 404 || answer.has(UNKNOWN_MODEL)) return modelFailure(answer, context);
  if (status === 400 || status === 413 || status === 422) return refusedFailure(answer, context);
  return unexpectedFailure(answer, context);
}

const BAD_JSON: ReadonlySet<string> = new Set(['json_validate_failed']);
const UNKNOWN_MODEL: ReadonlySet<string> = new Set(['model_not_found', 'model_not_exist', 'invalid_model']);

function answerOf({ status, headers, body }: HttpRefusal, { secrets }: CallContext): Answer {
  const { said, codes, param, failedGeneration, flagged } = errorBody(body);
  return {
    status,
    said: safeText(said, secrets) || '(it gave no reason)',
    has: (wanted) => codes.some((code) => wanted.has(code)),
    param,
    waitMs: retryAfterMs(headers, Date.now()),
    location: safeText(headers.get('location') ?? '', secrets),
    unusable: failedGeneration,
    flagged,
  };
}

/** The model slipped, and not the request: it is asked again as after any bad answer. */
function unusableFailure(text: string, { said }: Answer, { address, secrets, model }: CallContext): Failure {
  const message = `The server at ${address} found the answer of the model bad: ${said}`;
  const reply = {
    text: withoutSecrets(text, secrets),
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
  return new Failure('outage', QUOTA_EXHAUSTED, message, { ...waiting(answer), outageSignal: true });
}

function transientFailure(answer: Answer, { address }: CallContext): Failure {
  const code = TRANSIENT.get(answer.status) ?? 'server_error';
  const message = `The server at ${address} answered with status ${answer.status}: ${answer.said}`;
  const facts = { ...waiting(answer), outageSignal: answer.status >= 500 };
  const pressure = PRESSURE.get(answer.status);
  return new Failure('transient', code, message, pressure === undefined ? facts : { ...facts, pressure });
}

/** What was asked is not liked: that is this prompt's trouble alone, whatever the status. */
function flaggedFailure({ status, said }: Answer, { address }: CallContext): Failure {
  return new Failure('poison', 'refused', `The server at ${address} refused the prompt (${status}): ${said}`);
}

function keyFailure({ status, said }: Answer, { address, hasKey, apiKeyVariable }: CallContext): Failure {
  const what = !hasKey
    ? `The server at ${address} wants a key, and ${apiKeyVariable} holds none (${status})`
    : `The server at ${address} refused the key in ${apiKeyVariable} (${status})`;
  return new Failure(
    'fatal',
    status === 403 ? FORBIDDEN : UNAUTHORIZED,
    `${what}. Set ${apiKeyVariable} to a valid key. The server said: ${said}`,
    status === 403 ? { scope: 'unclear' } : {},
  );
}

function modelFailure({ status, said }: Answer, { address, model }: CallContext): Failure {
  const message = `The server at ${address} does not know the model ${JSON.stringify(model)} (${status}): ${said}. Name a model it has, or check the base URL.`;
  return new Failure('fatal', 'unknown_model', message, { scope: 'unclear' });
}

function refusedFailure(answer: Answer, { address, model }: CallContext): Failure {
  const { status, said, param } = answer;
  const message = `The server at ${address} rejected the request (${status}): ${said}`;
  if (status === 413 || answer.has(PROMPT_CODES)) return new Failure('poison', 'prompt_rejected', message);
  if (answer.has(SETTING_CODES) && param !== '' && !/^(response_format|messages)/.test(param)) {
    return new Failure(
      'fatal',
      'bad_setting',
      `The model ${JSON.stringify(model)} at ${address} does not take the setting ${safeText(param, [])}: ${said}`,
      { scope: 'unclear' },
    );
  }
  return new Failure('poison', REJECTED, message, { scope: 'unclear', believedAfter: TIMES_REJECTED });
}

/** A status that no server of this kind should give. A 3xx or 405 leads elsewhere; any other may pass. */
function unexpectedFailure({ status, said, location }: Answer, { address }: CallContext): Failure {
  const message = `The server at ${address} answered with status ${status}: ${said}`;
  const scope = 'unclear';
  if (location !== '' && status < 400)
    return new Failure(
      'fatal',
      'moved',
      `The server at ${address} says that it is at ${location} (${status}). Set --base-url to that address, without /chat/completions.`,
      { scope },
    );
  if (status < 400 || LEADS_ELSEWHERE.has(status))
    return new Failure('fatal', 'unexpected_status', `${message}. Check the base URL.`, { scope });
  return new Failure('transient', 'unexpected_status', message, { scope });
}

const LEADS_ELSEWHERE: ReadonlySet<number> = new Set([405, 406, 410, 411, 414, 415, 426, 505]);
