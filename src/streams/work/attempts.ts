import type { AttemptResult } from '../delivery/stage.ts';
import { type Failure, NO_USAGE, type Usage } from '../failure.ts';
import type { Attempt, Finished } from './work.ts';

/** The longest raw reply that is kept of an attempt, in characters. */
export const MAX_KEPT_REPLY = 20_000;

/** When an attempt was made, and as which. */
export type AttemptTime = Pick<Attempt, 'number' | 'startedAt' | 'durationMs'>;

export function succeededAttempt(time: AttemptTime, done: AttemptResult<unknown>): Attempt {
  const { model, finishReason, usage, costUsd, reply, note } = done;
  const facts = { model, finishReason, usage, costUsd, reply: reply.slice(0, MAX_KEPT_REPLY) };
  return { ...time, outcome: 'ok', code: note?.code ?? 'ok', message: note?.message ?? '', ...facts };
}

export function failedAttempt(time: AttemptTime, failure: Failure): Attempt {
  const { kind, code, message, facts } = failure;
  const { model = '', finishReason = '', usage = NO_USAGE, costUsd = 0, text = '' } = facts.reply ?? {};
  const reply = { model, finishReason, usage, costUsd, reply: text.slice(0, MAX_KEPT_REPLY) };
  return { ...time, outcome: kind, code, message, ...reply };
}

/** A result with all its attempts, and their usage and cost together: failed answers were paid for as well. */
export function finishedBy<Result>(
  done: AttemptResult<Result>,
  attempts: readonly Attempt[],
): Finished<Result> {
  const { result, model, recipe } = done;
  const [usage, costUsd] = [usageOf(attempts), costOf(attempts)];
  return { result, model, recipe, usage, costUsd, attempts: [...attempts] };
}

/** The call that brought a result: none did where the work came to need no call. Those before it were counted as they failed. */
export function answeringAttempt({
  attempts,
  stepped,
}: Pick<Finished<unknown>, 'attempts' | 'stepped'>): Attempt | undefined {
  if (stepped === true) return undefined;
  const last = attempts.at(-1);
  return last?.outcome === 'ok' ? last : undefined;
}

/** The call of a model that a result was made by and that nobody has been told of: steps are told of as they are made. */
export function callOfResult({
  attempts,
  stepped,
}: Pick<Finished<unknown>, 'attempts' | 'stepped'>): Attempt | undefined {
  const last = stepped === true ? undefined : attempts.at(-1);
  // The two stages that call nobody have an attempt without a model.
  return last?.model === '' ? undefined : last;
}

/** As they were made, and numbered so. */
export function inOrder(attempts: readonly Attempt[]): readonly Attempt[] {
  return attempts
    .toSorted((one, other) => one.startedAt.localeCompare(other.startedAt))
    .map((attempt, index) => ({ ...attempt, number: index + 1 }));
}

/** Together. */
export function usageOf(paid: readonly Pick<Attempt, 'usage'>[]): Usage {
  return paid.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE);
}

/** Together; `null` where the price of one is not known. */
export function costOf(paid: readonly Pick<Attempt, 'costUsd'>[]): number | null {
  return paid.reduce<number | null>(
    (sum, { costUsd }) => (sum === null || costUsd === null ? null : sum + costUsd),
    0,
  );
}

/** Together. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cached: a.cached + b.cached,
    reasoning: a.reasoning + b.reasoning,
  };
}
