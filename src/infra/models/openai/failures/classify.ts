import { z } from 'zod';
import type { ChatReply } from '../../../../stages/agent/chat-model.ts';
import { parseJson } from '../../../../stages/text/json.ts';
import { Failure, NO_USAGE, type UnusableReply } from '../../../../streams/failure.ts';
import { abortedFailure } from '../../aborted-failure.ts';
import { TimedOut } from '../transport/text-handler.ts';
import type { CallContext } from './call-context.ts';
import { errorBody } from './error-body.ts';
import { httpFailure } from './http-failure.ts';
import { HttpRefusal } from './http-refusal.ts';
import { networkFailure } from './network-failure.ts';
import { safeText } from './redact.ts';

/**
 * Whatever a request threw as a Failure, sorted by status codes and error codes and never by texts. The error itself is
 * not attached: it carries the request's headers, and with them the key.
 * @param signal of who asked, and may have given up.
 */
export function classify(error: unknown, context: CallContext, signal?: AbortSignal): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof TimedOut) return timeoutFailure(context);
  if (signal?.aborted === true) return abortedFailure();
  if (error instanceof HttpRefusal) return httpFailure(error, context);
  return networkFailure(error, context);
}

/** The server answered, and not with a chat completion: perhaps with an error that it calls a success. */
export function malformedFailure(body: string, context: CallContext): Failure {
  const { status, said } = errorBody(body);
  if (status !== undefined) return httpFailure(new HttpRefusal(status, NO_HEADERS, body), context);
  const shown = safeText(said, context.secrets);
  const message = `The server at ${context.address} answered with something that is no chat completion: ${shown || '(nothing)'}. If it always does, check the base URL.`;
  return new Failure('transient', 'malformed_response', message, {
    scope: 'unclear',
    reply: unpaid(safeText(body, context.secrets), 'unknown', context),
  });
}

/** The server gave up on an answer, and says so where the answer should stand. */
export function cutFailure(
  reply: Pick<ChatReply, 'text' | 'usage'>,
  body: string,
  context: CallContext,
): Failure {
  const { address, secrets } = context;
  const why = choiceError.safeParse(parseJson(body)).data?.choices[0].error;
  const said = why === undefined ? '' : safeText(errorBody(JSON.stringify({ error: why })).said, secrets);
  const message = `The server at ${address} gave up on the answer: ${said || 'its finish reason is an error'}`;
  const kept = unpaid(reply.text, 'error', context);
  return new Failure('transient', 'server_error', message, { reply: { ...kept, usage: reply.usage } });
}

const NO_HEADERS = { get: () => null };
const choiceError = z.object({ choices: z.tuple([z.object({ error: z.unknown() })], z.unknown()) });

function unpaid(text: string, finishReason: string, { model }: CallContext): UnusableReply {
  return { text, finishReason, model, usage: NO_USAGE, costUsd: null };
}

function timeoutFailure({ address, timeoutMs }: CallContext): Failure {
  const message = `The server at ${address} did not answer within ${timeoutMs} ms.`;
  return new Failure('transient', 'timeout', message, { outageSignal: true, pressure: 'overload' });
}
