import { money, plural, printable } from '../../../infra/terminal/format.ts';
import { resultBodySchema, turnBodySchema } from '../../../stages/tools/step-body.ts';
import type { Step } from '../../../streams/work/step.ts';
import { stepLabel } from './step-label.ts';

const MOST_SHOWN = 200;

/** A step in one line or two: what was asked for, what came, and what it cost. */
export function stepLines(step: Step): readonly string[] {
  const { key, durationMs, costUsd } = step;
  const price = costUsd === null ? 'price unknown' : money(costUsd);
  const line = (what: string) =>
    `    ${printable(stepLabel(key))}: ${what} (${(durationMs / 1_000).toFixed(1)} s, ${price})`;
  if (step.kind === 'turn') return turnLines(step, line);
  const result = resultBodySchema.safeParse(step.body).data;
  if (result === undefined) return [line('unreadable')];
  const { tool, args, outcome, code, text, pieces, cached } = result;
  const asked = `${printable(tool)} ${printable(JSON.stringify(args), MOST_SHOWN)}`;
  const ids = pieces.map(({ id }) => id).join(', ');
  const came =
    outcome === 'ok'
      ? `${plural(pieces.length, 'piece')}${ids === '' ? '' : `: ${ids}`}`
      : `${outcome}/${code}`;
  const reason = outcome === 'ok' ? [] : [`      ${printable(text, MOST_SHOWN)}`];
  return [line(`${asked} → ${came}${cached ? ', kept from before' : ''}`), ...reason];
}

function turnLines({ body }: Step, line: (what: string) => string): readonly string[] {
  const turn = turnBodySchema.safeParse(body).data;
  if (turn === undefined) return [line('unreadable')];
  const { outcome, calls, code, reason, last } = turn;
  const asked = calls.map(({ name }) => printable(name)).join(', ');
  const what =
    outcome === 'calls' ? `asks for ${asked}` : outcome === 'unusable' ? `unusable/${code}` : outcome;
  const why = reason === undefined ? [] : [`      ${printable(reason, MOST_SHOWN)}`];
  return [line(`${what}${last ? ', the last turn' : ''}`), ...why];
}
