import type { ShadowReportBody } from '../../../../src/features/judges/http/schemas.ts';
import { amount, howMany, percent } from '../../format.ts';
import { kappaWords } from '../../kappa.ts';

const ALIKE = 0.05;

type Costs = ShadowReportBody['cost'];

/** What the kappa means: "substantial agreement". */
export function kappaSentence({ judged, kappa }: Pick<ShadowReportBody, 'judged' | 'kappa'>): string {
  if (judged === 0) return 'nothing judged yet';
  return kappa === null ? 'not defined: both always say the same' : `${kappaWords(kappa)} agreement`;
}

/** A judge's model; of a lane that was deleted it is not known. */
export function modelName({ model }: Pick<Costs['live'], 'model'>): string {
  return model === '' ? 'a model that is not known' : model;
}

/** How many records the shadow has to judge yet. */
export function lagWords(lag: number | null): string {
  if (lag === null) return 'how far behind is not known';
  if (lag === 0) return 'up to date';
  return `${howMany(lag, 'record')} behind`;
}

/** What the shadow costs beside the live judge: "2.3 times as much"; `undefined` where a price is not known. */
export function ratioWords({ shadow, live }: Costs): string | undefined {
  const [mine, other] = [shadow.costPer1000Usd, live.costPer1000Usd];
  if (mine === null || other === null || other === 0) return undefined;
  const ratio = mine / other;
  if (Math.abs(ratio - 1) < ALIKE) return 'about as much';
  if (ratio < 1) return `${percent(ratio)} as much`;
  return `${ratio < 10 ? ratio.toFixed(1) : amount(ratio)} times as much`;
}

/** A difference with its sign; with a true minus, as figures have it. */
export function signedNumber(difference: number): string {
  const text = Math.abs(difference).toFixed(1);
  if (text === '0.0') return '0';
  return `${difference < 0 ? '−' : '+'}${text}`;
}

/** Whether the shadow is the stricter one. */
export function strictness(difference: number | null): string {
  if (difference === null) return 'nothing judged yet';
  const shown = signedNumber(difference);
  if (shown === '0') return 'on average as the live judge';
  return `it scores ${shown.startsWith('−') ? 'lower' : 'higher'} on average`;
}

/** What there is to know before anybody switches, in one sentence. */
export function summaryOf({ name, agreement, judged, cost }: ShadowReportBody): string {
  if (agreement === null || judged === 0) return `${name} has judged nothing yet.`;
  const alike = `${name} says what the live judge says about ${percent(agreement)} of ${amount(judged)} candidates`;
  const ratio = ratioWords(cost);
  return ratio === undefined ? `${alike}.` : `${alike}, and costs ${ratio}.`;
}
