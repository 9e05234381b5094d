import type { LookUp, LookUpBounds } from '../lanes/recipe.ts';
import type { LookUpProgress } from './look-up-progress.ts';

const MS = 1_000;

/** Who has no tools has no turns to bound. */
export function boundsOf(how: Exclude<LookUp, { mode: 'none' }>): Partial<LookUpBounds> {
  return how.mode === 'tools' ? how.bounds : {};
}

/** Which bound is reached, so that the next answer is the last; `undefined` where the model may go on. */
export function boundReached(
  { turns, results }: LookUpProgress,
  bounds: Partial<LookUpBounds>,
): keyof LookUpBounds | undefined {
  const lookUps = results.filter(({ step }) => step.kind === 'result');
  const steps = [...turns, ...results].map(({ step }) => step);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  const shown = results.map(({ body }) => body.text.length + sum(body.pieces.map(({ text }) => text.length)));
  // Waiting for a budget or an outage is no step: it does not eat the bound.
  const used: Readonly<Record<keyof LookUpBounds, number>> = {
    turns: turns.length + 1,
    calls: lookUps.length,
    tokens: sum(steps.map(({ usage }) => usage.input + usage.output)),
    characters: sum(shown),
    seconds: sum(steps.map(({ durationMs }) => durationMs)) / MS,
    usd: sum(steps.map(({ costUsd }) => costUsd ?? 0)),
  };
  const names: readonly (keyof LookUpBounds)[] = ['turns', 'calls', 'tokens', 'characters', 'seconds', 'usd'];
  return names.find((name) => used[name] >= (bounds[name] ?? Number.POSITIVE_INFINITY));
}
