import type { StoryStep } from '../../../../src/features/questions/http/story-step.ts';
import { durationOfMs, howMany, money } from '../../format.ts';

type Counted = Pick<StoryStep, 'kind' | 'durationMs' | 'costUsd'>;

/** All steps of a work in one line: how many, how long, at what price. */
export function sumWords(steps: readonly Counted[], more = 0): string {
  const of = (kind: StoryStep['kind']) => steps.filter((step) => step.kind === kind).length;
  const kinds = [
    someOf(of('search'), 'search', 'searches'),
    someOf(of('turn'), 'turn'),
    someOf(of('result'), 'look-up'),
    someOf(more, 'step not shown', 'steps not shown'),
  ].filter((each) => each !== '');
  const ms = steps.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return [kinds.join(', '), durationOfMs(ms), sumPrice(steps)].join(' · ');
}

/** What a step came to: `asks for search_documents`, `5 pieces, kept from before`, `refused/bad_args`. */
export function cameWords(
  step: Pick<StoryStep, 'outcome' | 'code' | 'calls' | 'pieceCount' | 'cached' | 'last'>,
): string {
  const { outcome, code, calls, pieceCount, cached, last } = step;
  const came =
    outcome === 'calls'
      ? `asks for ${calls.map(({ tool }) => tool).join(', ')}`
      : outcome === 'ok'
        ? someOf(pieceCount, 'piece') || 'no pieces'
        : outcome === 'answer'
          ? 'answers'
          : outcome;
  return [
    code === undefined ? came : `${came}/${code}`,
    ...(cached ? ['kept from before'] : []),
    ...(last ? ['the last turn'] : []),
  ].join(', ');
}

/** Never passes off as free what has no known price. */
export function priceWords(costUsd: number | null): string {
  return costUsd === null ? 'price unknown' : money(costUsd);
}

function sumPrice(steps: readonly Counted[]): string {
  const known = money(steps.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0));
  const unknown = someOf(steps.filter(({ costUsd }) => costUsd === null).length, 'step');
  return unknown === '' ? known : `${known} and ${unknown} of unknown price`;
}

type Paid = Readonly<{ costUsd: number | null }>;
type PaidWork = Paid & Readonly<{ attempts: readonly Paid[]; steps?: readonly Counted[] | undefined }>;

/** What a question cost, by all calls and look-ups of its works. */
export function priceOfWorks(works: readonly PaidWork[]): string {
  const usd = works.map(({ costUsd, attempts, steps = [] }) => {
    // Turns stand among the attempts. Of many steps only the first are shown, and the work knows the sum.
    const paid = [...attempts, ...steps.filter(({ kind }) => kind !== 'turn')];
    return Math.max(
      costUsd ?? 0,
      paid.reduce((sum, each) => sum + (each.costUsd ?? 0), 0),
    );
  });
  const known = money(usd.reduce((sum, each) => sum + each, 0));
  const unpriced = works.flatMap(({ attempts }) => attempts).filter(({ costUsd }) => costUsd === null);
  const unknown = someOf(unpriced.length, 'call');
  return unknown === '' ? known : `${known} and ${unknown} of unknown price`;
}

/** Empty where there is none. */
function someOf(value: number, one: string, many?: string): string {
  return value === 0 ? '' : howMany(value, one, many);
}
