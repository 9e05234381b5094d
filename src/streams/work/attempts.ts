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
  const usage = attempts.reduce((sum, attempt) => addUsage(sum, attempt.usage), NO_USAGE);
  const costUsd = attempts.reduce<number | null>(
    (sum, attempt) => (sum === null || attempt.costUsd === null ? null : sum + attempt.costUsd),
    0,
  );
  return { result, model, recipe, usage, costUsd, attempts: [...attempts] };
}

/** The call that brought a result: none did where the work came to need no call. Those before it were counted as they failed. */
export function answeringAttempt({ attempts }: Pick<Finished<unknown>, 'attempts'>): Attempt | undefined {
  const last = attempts.at(-1);
  return last?.outcome === 'ok' ? last : undefined;
}

function addUsage(a: Usage, b: Usage): Usage {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cached: a.cached + b.cached,
    reasoning: a.reasoning + b.reasoning,
  };
}
