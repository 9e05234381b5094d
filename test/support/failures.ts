import { Failure, type FailureFacts, type UnusableReply } from '../../src/streams/failure.ts';

export const NO_USAGE = { input: 0, output: 0, cached: 0, reasoning: 0 };

export function transient(facts: FailureFacts = {}): Failure {
  return new Failure('transient', 'conflict', 'Not now.', facts);
}

/** What a rate limit refuses with. */
export function refusal(facts: FailureFacts = {}): Failure {
  return new Failure('transient', 'rate_limited', 'Too many requests.', { pressure: 'rate-limit', ...facts });
}

export function outageSignal(facts: FailureFacts = {}): Failure {
  return new Failure('transient', 'server_error', 'The server is in trouble.', {
    outageSignal: true,
    ...facts,
  });
}

export function outage(code = 'store_away'): Failure {
  return new Failure('outage', code, 'It is away.');
}

export function quotaSpent(facts: FailureFacts = {}): Failure {
  return new Failure('outage', 'quota_exhausted', 'The quota is spent.', facts);
}

/** An answer that cannot be used, and what it cost. */
export function content(reply: Partial<UnusableReply> = {}, code = 'not_json'): Failure {
  const usage = { input: 10, output: 4, cached: 0, reasoning: 1 };
  const whole = { text: 'no json', finishReason: 'stop', model: 'fake', usage, costUsd: 0.5, ...reply };
  return new Failure('content', code, 'Expected JSON.', { reply: whole });
}

export function poison(): Failure {
  return new Failure('poison', 'bad_request', 'This prompt can never work.');
}

export function fatal(): Failure {
  return new Failure('fatal', 'unauthorized', 'The key is wrong.');
}
