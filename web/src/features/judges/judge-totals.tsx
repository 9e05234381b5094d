import type { ShadowReportBody } from '../../../../src/features/judges/http/schemas.ts';
import { Figure } from '../../components/figure.tsx';
import { amount, dotted, money, percent } from '../../format.ts';
import { kappaText } from '../../kappa.ts';
import { kappaSentence, lagWords, ratioWords, signedNumber, strictness } from './judge-words.ts';

/** The figures that decide about a switch. */
export function JudgeTotals({ report }: Readonly<{ report: ShadowReportBody }>) {
  const { judged, failed, lag, agreement, both, neither, kappa, scoreDifference, sided } = report;
  const decided = sided.withLive + sided.withShadow;
  return (
    <dl class="totals">
      <Figure name="judged" note={lagWords(lag)}>
        {amount(judged)}
      </Figure>
      <Figure name="agreement" note={`${amount(both + neither)} with the same verdict`}>
        {agreement === null ? '–' : percent(agreement)}
      </Figure>
      <Figure name="Cohen's kappa" note={kappaSentence(report)}>
        {kappaText(kappa)}
      </Figure>
      <Figure name="score difference" note={strictness(scoreDifference)}>
        {scoreDifference === null ? '–' : signedNumber(scoreDifference)}
      </Figure>
      <Cost report={report} />
      <Figure
        name="people agreed with it"
        note={decided === 0 ? 'nobody decided a disagreement yet' : 'disagreements that a person decided'}
      >
        {decided === 0 ? '–' : `${amount(sided.withShadow)} of ${amount(decided)}`}
      </Figure>
      <Figure name="failed" note="candidates that it could not judge" alarming={failed > 0}>
        {amount(failed)}
      </Figure>
    </dl>
  );
}

function Cost({ report: { cost } }: Readonly<{ report: ShadowReportBody }>) {
  const { shadow, live } = cost;
  const ratio = ratioWords(cost);
  const unpriced = shadow.unpricedCalls + live.unpricedCalls;
  return (
    <Figure
      name="cost per 1,000"
      note={dotted(
        ratio,
        `live judge ${perThousand(live.costPer1000Usd)}`,
        unpriced > 0 ? `${amount(unpriced)} calls without a price` : undefined,
      )}
    >
      {perThousand(shadow.costPer1000Usd)}
    </Figure>
  );
}

function perThousand(usd: number | null): string {
  return usd === null ? 'unknown' : money(usd);
}
