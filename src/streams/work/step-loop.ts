import { from, lastValueFrom, mergeMap, toArray } from 'rxjs';
import type { Act, Made, NextMove } from '../delivery/stage.ts';
import { asFailure, type Failure } from '../failure.ts';
import { isStopping } from '../stop.ts';
import { type AttemptTime, costOf, inOrder, usageOf } from './attempts.ts';
import { isClaimLost } from './claim-lost.ts';
import type { Step } from './step.ts';
import type { Attempt, Finished } from './work.ts';

/** Acts of one move that are at work at once. */
const SIDE_BY_SIDE = 4;

export type StepLoop<Result> = Readonly<{
  next: NextMove<Result>;
  /** Those that stand already. */
  steps: readonly Step[];
  drive: number;
  /**
   * Makes what the act comes to: under limits, retries and budget. Rejects with the failure that ended it.
   *
   * @param timed hears of each attempt.
   */
  make(act: Act, n: number, timed: (attempt: AttemptTime) => void): Promise<Made>;
  /**
   * Rejects with `claimLost()` where the step is not ours to keep.
   *
   * @param before settles when the step before it is kept, or cannot be.
   */
  keep(step: Step, before: Promise<unknown>): Promise<void>;
  /** The call of the model that a step was. */
  callOf(step: Step): Attempt | undefined;
  /** Attempts that failed so far. */
  failed: readonly Attempt[];
}>;

type Time = Pick<Step, 'at' | 'durationMs'>;
type Ended = Readonly<{ step: Step }> | Readonly<{ failure: Failure }>;

/**
 * A work that goes step by step: asks what comes next, does it, keeps what it came to, and asks again. Where it stands is told by its
 * steps and nothing else, so whoever holds it next goes on at the same place. Rejects with the Failure that the work dies of.
 */
export async function bySteps<Result>(loop: StepLoop<Result>): Promise<Finished<Result>> {
  const steps = [...loop.steps];
  let count = steps.length;
  let appended: Promise<unknown> = Promise.resolve();

  /** Each step is the next one. Its number is its own at once: what was paid for does not wait for those before it to be kept. */
  const append = (made: Made, { key, kind }: Act, time: Time): Promise<Step> => {
    const step = { n: count, key, kind, drive: loop.drive, ...time, ...made };
    count += 1;
    const kept = loop.keep(step, appended).then(() => {
      steps.push(step);
      return step;
    });
    appended = kept.catch(() => undefined);
    return kept;
  };

  const ended = async (act: Act): Promise<Ended> => {
    const at = new Date().toISOString();
    const startMs = performance.now();
    const whole = (): Time => ({ at, durationMs: Math.round(performance.now() - startMs) });
    const attempts: Time[] = [];
    const timed = ({ startedAt, durationMs }: AttemptTime) =>
      void attempts.push({ at: startedAt, durationMs });
    try {
      const made = await loop.make(act, steps.length, timed);
      return { step: await append(made, act, attempts.at(-1) ?? whole()) };
    } catch (error) {
      const failure = asFailure(error);
      const ours = !isStopping(failure) && !isClaimLost(failure) && failure.kind !== 'fatal';
      const made = ours ? act.givenUp?.(failure) : undefined;
      if (made === undefined) return { failure };
      return append(made, act, together(attempts) ?? whole()).then(
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

/** What was given up has taken all its attempts, and none of the waits between them. */
function together(attempts: readonly Time[]): Time | undefined {
  const [first] = attempts;
  const durationMs = attempts.reduce((sum, each) => sum + each.durationMs, 0);
  return first && { at: first.at, durationMs };
}
