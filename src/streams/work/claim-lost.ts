import { Failure } from '../failure.ts';

const CODE = 'claim_lost';

/** What a call ends with before it is made: another took the work over, and calls for it. */
export function claimLost(): Failure {
  return new Failure('transient', CODE, 'Another process has taken this work over.');
}

export function isClaimLost(error: unknown): boolean {
  return error instanceof Failure && error.code === CODE;
}
