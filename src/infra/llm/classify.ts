import { APIError } from 'openai/core/error';
import { Failure } from '../../streams/failure.ts';
import { abortedFailure } from './aborted-failure.ts';
import type { CallContext } from './call-context.ts';
import { httpFailure } from './http-failure.ts';
import { networkFailure } from './network-failure.ts';
import { safeText } from './redact.ts';

/**
 * Whatever a request threw as a Failure, sorted by status codes and error codes and never by texts. The error itself is
 * not attached: it carries the request's headers, and with them the key.
 */
export function classify(error: unknown, context: CallContext): Failure {
  if (error instanceof Failure) return error;
  if (context.ended === 'aborted') return abortedFailure();
  if (context.ended === 'timed-out') return timeoutFailure(context);
  if (error instanceof APIError && error.status !== undefined) return httpFailure(error, context);
  return networkFailure(error, context);
}

/** The server answered, and not with a chat completion. */
export function malformedFailure(body: string, context: CallContext): Failure {
  const shown = safeText(body, context.apiKey);
  const message = `The server at ${context.address} answered with something that is no chat completion: ${shown || '(nothing)'}. If it always does, check the base URL.`;
  return new Failure('transient', 'malformed_response', message, {
    reply: {
      text: shown,
      finishReason: 'unknown',
      model: context.model,
      usage: { input: 0, output: 0, cached: 0, reasoning: 0 },
      costUsd: null,
    },
  });
}

function timeoutFailure({ address, timeoutMs }: CallContext): Failure {
  const message = `The server at ${address} did not answer within ${timeoutMs} ms.`;
  return new Failure('transient', 'timeout', message, { outageSignal: true, pressure: 'overload' });
}
