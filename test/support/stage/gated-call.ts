import { defer, lastValueFrom, retry, throwError } from 'rxjs';
import { NO_TOKENS } from '../../../src/streams/budget/token-estimate.ts';
import type { AttemptContext, AttemptResult } from '../../../src/streams/delivery/stage.ts';
import { asFailure, type Failure } from '../../../src/streams/failure.ts';
import type { CallGate, CallRequest, Pass } from '../../../src/streams/limits/call-gate.ts';
import { delayUnless, isStopping } from '../../../src/streams/stop.ts';
import { NO_RETRIES, type RetryPolicy } from '../../../src/streams/work/retry-policy.ts';

export type GatedCall = Readonly<{
  gate: CallGate;
  policy: RetryPolicy;
  stop: AbortSignal;
  attempt(context: Pick<AttemptContext, 'onRates'>): Promise<AttemptResult<string>>;
}>;

/** Attempts of a caller that has a gate and a policy and nothing besides: no work, no store, no budget. */
export function gatedCall({ gate, policy, stop, attempt }: GatedCall): Promise<AttemptResult<string>> {
  let count = NO_RETRIES;
  let tried = false;
  let answeredBefore = gate.answered;

  const attemptOnce = async () => {
    const request = { tokens: NO_TOKENS, again: tried, signal: stop };
    const admission = await admit(gate, request);
    tried = true;
    try {
      const done = await attempt({ onRates: admission.onRates });
      admission.succeeded(done);
      return done;
    } catch (error) {
      const failure = await admission.failed(asFailure(error));
      await written();
      throw failure;
    }
  };

  const whenToRetry = (error: unknown) => {
    const failure = asFailure(error);
    if (isStopping(failure)) return throwError(() => failure);
    const seen = { circuitClosed: gate.circuitClosed, othersAnswered: gate.answered > answeredBefore };
    answeredBefore = gate.answered;
    const decision = policy(failure, count, seen);
    if (decision.kind === 'give-up') return throwError(() => failure);
    count = decision.count;
    return delayUnless(stop, decision.delayMs);
  };

  return lastValueFrom(defer(attemptOnce).pipe(retry({ delay: whenToRetry })));
}

async function admit(gate: CallGate, request: CallRequest) {
  return confirmed(await gate.enter(request));
}

async function confirmed(pass: Pass) {
  await isOurs();
  return {
    onRates: pass.onRates,
    succeeded: (done: AttemptResult<string>) => void pass.leave(undefined, done.usage),
    failed: async (failure: Failure) => (await pass.leave(failure)) ?? failure,
  };
}

// What a store is asked takes its turns of the event loop: whose turn comes first decides what a seed brings.
const isOurs = async () => {
  await undefined;
};
const written = async () => undefined;
