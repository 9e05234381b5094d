import type { Passes, ShadowCount } from '../store/shadow-repository.ts';
import { agreementIn, byDay } from './agreement.ts';

/** How far a shadow judge and the live one see the same. `undefined` where too little was judged to say. */
export type ShadowAgreement = Readonly<{
  judged: number;
  both: number;
  neither: number;
  liveOnly: number;
  shadowOnly: number;
  /** The share on which both agree. */
  agreement: number | undefined;
  /** Agreement beyond chance: see `agreementOf`. */
  kappa: number | undefined;
  /** The shadow's score less the live one, on average. */
  scoreDifference: number | undefined;
}>;

export function shadowAgreementOf(counts: readonly Omit<ShadowCount, 'day'>[]): ShadowAgreement {
  const of = (live: Passes, verdict: Passes) =>
    sumOf(counts.filter((each) => each.live === live && each.verdict === verdict).map(({ count }) => count));
  const both = of('approved', 'approved');
  const neither = of('rejected', 'rejected');
  const liveOnly = of('approved', 'rejected');
  const shadowOnly = of('rejected', 'approved');
  const only = { firstOnly: liveOnly, secondOnly: shadowOnly };
  const { decided: judged, accuracy: agreement, kappa } = agreementIn({ both, neither, ...only });
  const difference = sumOf(counts.map((each) => each.scoreDifference));
  const scoreDifference = judged === 0 ? undefined : difference / judged;
  return { judged, both, neither, liveOnly, shadowOnly, agreement, kappa, scoreDifference };
}

/** The same for each day on which something was judged, in order. */
export const shadowAgreementByDay = (counts: readonly ShadowCount[]) => byDay(counts, shadowAgreementOf);

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}
