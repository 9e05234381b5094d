import type { z } from 'zod';
import { jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import { NO_USAGE } from '../../../../streams/failure.ts';
import type { Attempt, Claim, Finished, Token, WorkKey } from '../../../../streams/work/work.ts';
import { workIdOf } from '../../../../streams/work/work.ts';
import type { Spent, WorkDocument } from '../documents.ts';

/** A work to be claimed, the token that would hold it, and for how long without a sign of life. */
export type WantedClaim = Readonly<{
  key: WorkKey;
  token: Token;
  leaseMs?: number | undefined;
  /** Whether its document says its stage: where works of several stand. */
  named?: boolean;
}>;

/** The work as it is claimed for the first time. */
export function claimedWorkDocument({ key, token, leaseMs, named = false }: WantedClaim): WorkDocument {
  const { lane, questionId, revision, drive } = key;
  return {
    ...{ _id: workIdOf(key), lane, questionId, revision, state: 'claimed', token, renewal: 0, drive },
    ...{ attempts: [], spent: sumsOf([]), result: null, model: '', recipe: '', usage: NO_USAGE },
    ...{ costUsd: null, published: false, updatedAt: new Date() },
    ...(leaseMs === undefined ? {} : { leaseMs }),
    ...(named ? { stage: key.stage } : {}),
  };
}

/** A call, and what it cost. */
type Paid = Pick<Attempt, 'outcome' | 'usage' | 'costUsd'>;

/** Sums over attempts, failed ones included. */
function sumsOf(attempts: readonly Paid[]): Spent {
  const sum = (of: (attempt: Paid) => number) => attempts.reduce((total, attempt) => total + of(attempt), 0);
  return {
    failed: sum(({ outcome }) => (outcome === 'ok' ? 0 : 1)),
    input: sum(({ usage }) => usage.input),
    output: sum(({ usage }) => usage.output),
    cached: sum(({ usage }) => usage.cached),
    reasoning: sum(({ usage }) => usage.reasoning),
    costUsd: sum(({ costUsd }) => costUsd ?? 0),
    unpriced: sum(({ costUsd }) => (costUsd === null ? 1 : 0)),
  };
}

/** The result of a work that is done. Throws a Failure if it is not one of this stage. */
export function finishedOf<Result>(work: WorkDocument, schema: z.ZodType<Result>): Finished<Result> {
  const { attempts, model, recipe, usage, costUsd } = work;
  const result = readStored(jsonText(schema), work.result);
  return { result, model, recipe, usage, costUsd, attempts };
}

/** What a stored work says to the holder of `ours`. Throws a Failure if its result is not one of this stage. */
export function claimOf<Result>(work: WorkDocument, ours: Token, schema: z.ZodType<Result>): Claim<Result> {
  const { token, renewal, attempts, published, leaseMs, stepCount: steps } = work;
  switch (work.state) {
    case 'claimed':
      return token === ours
        ? { kind: 'claimed', token, attempts, ...(steps === undefined ? {} : { steps }) }
        : { kind: 'held', token, renewal, leaseMs };
    case 'dead':
      return { kind: 'dead' };
    case 'done':
      return { kind: 'done', finished: finishedOf(work, schema), published };
    default:
      return work.state satisfies never;
  }
}

/** The increments that add attempts to the sums of a work. */
export function spentIncrements(attempts: readonly Paid[]): Readonly<Record<string, number>> {
  const sums = Object.entries(sumsOf(attempts));
  return Object.fromEntries(sums.map(([name, value]) => [`spent.${name}`, value]));
}
