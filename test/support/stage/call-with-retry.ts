import type { CallSize } from '../../../src/streams/budget/call-estimate.ts';
import { NO_TOKENS } from '../../../src/streams/budget/token-estimate.ts';
import { InHand } from '../../../src/streams/delivery/in-hand.ts';
import type { AttemptContext, AttemptResult } from '../../../src/streams/delivery/stage.ts';
import type { Failure } from '../../../src/streams/failure.ts';
import type { CallGate } from '../../../src/streams/limits/call-gate.ts';
import { type CallDeps, type ClaimedAt, WorkCaller } from '../../../src/streams/work/call.ts';
import { claimLost } from '../../../src/streams/work/claim-lost.ts';
import { NO_JOURNAL } from '../../../src/streams/work/journal.ts';
import { Leases } from '../../../src/streams/work/leases.ts';
import { UnsavedWrites } from '../../../src/streams/work/unsaved-writes.ts';
import type { Attempt, Finished } from '../../../src/streams/work/work.ts';
import { FakeWorkStore } from '../fakes/fake-work-store.ts';
import { logRecord } from './records.ts';
import { keyOf, testStage } from './test-stage.ts';
import { tokenOf } from './work.ts';

export type CallOptions = Pick<CallDeps, 'gate' | 'policy' | 'stop' | 'budget'> &
  Readonly<{
    /** What each attempt may take. Default: it is free. */
    size?: CallSize;
    /** Another has taken the work over meanwhile. */
    lost?: boolean;
    attempt(context: AttemptContext): Promise<AttemptResult<string>>;
    /** Keeps a failed attempt, in the place of the store. */
    onFailedAttempt(attempt: Attempt): Promise<void>;
  }>;

/** No renewal comes while a test goes on. */
const NEVER_RENEWED_MS = 6e9;

/** A claimed work whose attempts go as told: resolves with what it came to, rejects with the failure that ended it. */
export async function callWithRetry(options: CallOptions): Promise<Finished<string>> {
  const { attempt, onFailedAttempt, size, lost = false, gate, ...deps } = options;
  const store = new FakeWorkStore<string>();
  const work = keyOf('q1');
  const token = tokenOf('ours');
  store.put(work, { token: lost ? tokenOf('theirs') : token });
  store.recordAttempt = (_, failed) => onFailedAttempt(failed);
  const sized = size === undefined ? {} : { sizeOf: async () => size };
  const stage = testStage(store, { run: (_, context) => attempt(context), ...sized });
  const caller = new WorkCaller(stage, {
    ...deps,
    gate: plain(gate),
    leases: new Leases(store, NEVER_RENEWED_MS),
    inHand: new InHand(),
    persist: (write) => write(),
    unsaved: new UnsavedWrites({ journal: NO_JOURNAL, stop: deps.stop }),
    emit: () => undefined,
  });
  const claim: ClaimedAt<string> = {
    kind: 'claimed',
    token,
    attempts: [],
    askedMs: lost ? Number.NEGATIVE_INFINITY : performance.now(),
  };
  const called = await caller.call(logRecord(), { question: 'q1', drive: 0 }, work, claim);
  switch (called.kind) {
    case 'finished':
      return called.finished;
    case 'died':
      return rejected(called.failure);
    case 'lost':
      return rejected(claimLost());
    default:
      return called satisfies never;
  }
}

/** The same gate, to which each attempt is another work's, since one work alone opens no circuit, and takes no tokens. */
function plain(gate: CallGate): CallGate {
  return {
    get circuitClosed() {
      return gate.circuitClosed;
    },
    get answered() {
      return gate.answered;
    },
    open: gate.open,
    enter: (request) => gate.enter({ ...request, work: undefined, tokens: NO_TOKENS }),
  };
}

function rejected(failure: Failure): Promise<never> {
  return Promise.reject(failure);
}
