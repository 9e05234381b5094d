import type { AttemptContext, AttemptResult } from '../delivery/stage.ts';
import { type Failure, NO_USAGE } from '../failure.ts';
import type { CallGate, CallRequest, Pass } from '../limits/call-gate.ts';
import { isStopping, stopping } from '../stop.ts';
import type { Budget, Reservation, Taken } from './budget.ts';
import type { CallSize } from './call-estimate.ts';

const NOTHING = { usage: NO_USAGE, costUsd: 0 };

/** The budget as one stage meets it. */
export type StageBudget = Readonly<{
  budget: Budget;
  /** How much the attempt may take; asked only where something is limited. */
  sizeOf(context: AttemptContext): Promise<CallSize>;
  /** As `Budget.reserve`, for this stage. */
  reserve(size: CallSize | undefined): Promise<Reservation | undefined>;
}>;

/** A call that was let in: says once how it ended. */
export type Admission = Readonly<{
  /** Hears what the server's headers say of its budgets. */
  onRates: Pass['onRates'];
  succeeded(done: AttemptResult<unknown>): void;
  /** Resolves with what the failure is in the light of other calls. */
  failed(failure: Failure): Promise<Failure>;
}>;

export type AdmissionOptions = Readonly<{
  gate: CallGate;
  request: CallRequest;
  /** Absent: nothing is paid for. */
  spending: StageBudget | undefined;
  context: AttemptContext;
  /** The last word before the call: rejects where it must not be made any more, after all the waiting. */
  confirm(): Promise<void>;
  signal: AbortSignal;
}>;

/**
 * Lets a call in when the stage has a permit, the server answers and the budget has room. Who waits for room holds no
 * permit. Rejects with `stopping()` when the signal is aborted first, and as `confirm` does.
 */
export async function admit(options: AdmissionOptions): Promise<Admission> {
  const { gate, request, spending, context, confirm, signal } = options;
  const size = spending?.budget.limited === true ? await spending.sizeOf(context) : undefined;
  for (;;) {
    const pass = await gate.enter(request);
    if (spending === undefined) return confirmed(pass, undefined, confirm);
    const { budget, reserve } = spending;
    const reservation = await reserve(size).catch((failure: unknown) => {
      pass.leave(stopping());
      throw failure;
    });
    if (reservation !== undefined) return confirmed(pass, reservation, confirm);
    pass.leave(stopping());
    await budget.room(signal);
  }
}

async function confirmed(
  pass: Pass,
  reservation: Reservation | undefined,
  confirm: () => Promise<void>,
): Promise<Admission> {
  try {
    await confirm();
    return admission(pass, reservation);
  } catch (failure) {
    reservation?.settle(NOTHING);
    pass.leave(stopping());
    throw failure;
  }
}

function admission(pass: Pass, reservation: Reservation | undefined): Admission {
  return {
    onRates: pass.onRates,
    succeeded: (done) => {
      reservation?.settle(takenOf(done));
      pass.leave(undefined, done.usage);
    },
    failed: async (failure) => {
      reservation?.settle(takenBy(failure));
      return (await pass.leave(failure, failure.facts.reply?.usage)) ?? failure;
    },
  };
}

/** A server that reports no usage leaves us to what was estimated. */
function takenOf({ usage, costUsd }: Pick<AttemptResult<unknown>, 'usage' | 'costUsd'>): Taken {
  return usage.input + usage.output === 0 ? undefined : { usage, costUsd };
}

/** A refusal costs nothing. What timed out or was cut may have been worked, and billed. */
function takenBy(failure: Failure): Taken {
  const { reply } = failure.facts;
  if (reply !== undefined) return takenOf(reply);
  const unknown = isStopping(failure) || failure.code === 'timeout';
  return unknown ? undefined : NOTHING;
}
