import { from, lastValueFrom, mergeMap, toArray } from 'rxjs';
import type { Act, Made, Next } from '../delivery/stage.ts';
import { asFailure, type Failure } from '../failure.ts';
import { isStopping } from '../stop.ts';
import { costOf, inOrder, usageOf } from './attempts.ts';
import { isClaimLost } from './claim-lost.ts';
import type { Step } from './step.ts';
import type { Attempt, Finished } from './work.ts';

/** Acts of one move that are at work at once. */
const SIDE_BY_SIDE = 4;

export type StepLoop<Result> = Readonly<{
  next: Next<Result>;
  /** Those that stand already. */
  steps: readonly Step[];
  drive: number;
  /** Makes what the act comes to: under limits, retries and budget. Rejects with the failure that ended it. */
  make(act: Act, n: number): Promise<Made>;
  /** Rejects with `claimLost()` where the step is not ours to keep. */
  keep(step: Step): Promise<void>;
  /** The call of the model that a step was. */
  callOf(step: Step): Attempt | undefined;
  /** Attempts that failed so far. */
  failed: readonly Attempt[];
}>;

type Ended = Readonly<{ step: Step }> | Readonly<{ failure: Failure }>;

/**
 * A work that goes step by step: asks what comes next, does it, keeps what it came to, and asks again. Where it stands is told by its
 * steps and nothing else, so whoever holds it next goes on at the same place. Rejects with the Failure that the work dies of.
 */
export async function bySteps<Result>(loop: StepLoop<Result>): Promise<Finished<Result>> {
  const steps = [...loop.steps];
  let appended: Promise<unknown> = Promise.resolve();

  /** One after the other: each step is the next one. */
  const append = (made: Made, { key, kind }: Act, at: Date, durationMs: number): Promise<Step> => {
    const kept = appended.then(async () => {
      const step = {
        n: steps.length,
        key,
        kind,
        drive: loop.drive,
        at: at.toISOString(),
        durationMs,
        ...made,
      };
      await loop.keep(step);
      steps.push(step);
      return step;
    });
    appended = kept.catch(() => undefined);
    return kept;
  };

  const ended = async (act: Act): Promise<Ended> => {
    const at = new Date();
    const startMs = performance.now();
    const durationMs = () => Math.round(performance.now() - startMs);
    try {
      const made = await loop.make(act, steps.length);
      return { step: await append(made, act, at, durationMs()) };
    } catch (error) {
      const failure = asFailure(error);
      const ours = !isStopping(failure) && !isClaimLost(failure) && failure.kind !== 'fatal';
      const made = ours ? act.givenUp?.(failure) : undefined;
      if (made === undefined) return { failure };
      return append(made, act, at, durationMs()).then(
        (step) => ({ step }),
        (lost: unknown) => ({ failure: asFailure(lost) }),
      );
    }
  };

  for (;;) {
    const move = loop.next(steps);
    if (move.kind === 'die') throw move.failure;
    if (move.kind === 'finish') {
      const { result, model, recipe } = move;
      const paid = [...loop.failed, ...steps];
      return {
        ...{ result, model, recipe, usage: usageOf(paid), costUsd: costOf(paid), stepped: true },
        attempts: inOrder([...loop.failed, ...steps.flatMap((step) => loop.callOf(step) ?? [])]),
      };
    }
    // Those beside one that failed are paid for: they become steps first.
    const all = await lastValueFrom(from(move.acts).pipe(mergeMap(ended, SIDE_BY_SIDE), toArray()));
    const first = all.find((each) => 'failure' in each);
    if (first !== undefined) throw first.failure;
  }
}
