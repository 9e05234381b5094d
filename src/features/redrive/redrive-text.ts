import { alignedColumns, count, money, plural } from '../../infra/terminal/format.ts';
import type { DeadLetterCount } from '../../stages/store/dead-letter-repository.ts';
import type { Redriven } from './redrive-and-wait.ts';
import type { RedriveForecast } from './redrive-forecast.ts';

/** What sending would mean, as a person reads it. */
export function forecastText(
  { letters: deadLetters, leastUsd, mostUsd, unpriced }: RedriveForecast,
  counts: readonly DeadLetterCount[],
): string {
  if (deadLetters === 0) return 'No open dead letters: nothing would be sent.';
  const rows = counts.map(({ stage, kind, code, count: n }) => [stage, `${kind}/${code}`, count(n)]);
  const unknown = unpriced === 0 ? '' : ` ${plural(unpriced, 'dead letter')} of unknown price.`;
  return [
    alignedColumns([['stage', 'class', 'dead letters'], ...rows]),
    '',
    `${plural(deadLetters, 'dead letter')} would be sent again. By what their calls have cost: ${money(leastUsd)} if one call each is enough, ${money(mostUsd)} if it takes as many as the last time, and what the later stages cost.${unknown}`,
  ].join('\n');
}

/** What became of the dead letters, as a person reads it. */
export function redrivenText({ deadLetters, outcome }: Redriven, waited: boolean): string {
  if (deadLetters === 0) return 'No open dead letters: nothing was sent.';
  const parts = [`${count(outcome.closed)} succeeded`, `${count(outcome.open)} died again`];
  if (outcome.waiting > 0) parts.push(`${count(outcome.waiting)} not yet at an end`);
  const next =
    outcome.open > 0
      ? '\nWhy: millrace dead-letters'
      : waited && outcome.waiting === 0
        ? '\nThe dataset: millrace export'
        : '';
  return `${plural(deadLetters, 'dead letter')} sent again: ${parts.join(', ')}.${next}`;
}
