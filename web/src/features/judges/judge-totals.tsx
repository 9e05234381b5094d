import type { ComponentChildren } from 'preact';
import type { ShadowReportBody } from '../../../../src/features/judges/http/schemas.ts';
import { amount, money, percent } from '../../format.ts';
import { kappaText } from '../../kappa.ts';
import { kappaSentence, lagWords, ratioWords, signedNumber, strictness } from './judge-words.ts';

/** The figures that decide about a switch. */
export function JudgeTotals({ report }: Readonly<{ report: ShadowReportBody }>) {
  const { judged, failed, lag, agreement, both, neither, kappa, scoreDifference, sided } = report;
  const decided = sided.withLive + sided.withShadow;
  return (
    <dl class="totals">
      <Total name="judged" note={lagWords(lag)}>
        {amount(judged)}
      </Total>
      <Total name="agreement" note={`${amount(both + neither)} with the same verdict`}>
        {agreement === null ? '–' : percent(agreement)}
      </Total>
      <Total name="Cohen's kappa" note={kappaSentence(report)}>
        {kappaText(kappa)}
      </Total>
      <Total name="score difference" note={strictness(scoreDifference)}>
        {scoreDifference === null ? '–' : signedNumber(scoreDifference)}
      </Total>
      <Cost report={report} />
      <Total
        name="people agreed with it"
        note={decided === 0 ? 'nobody decided a disagreement yet' : 'disagreements that a person decided'}
      >
        {decided === 0 ? '–' : `${amount(sided.withShadow)} of ${amount(decided)}`}
      </Total>
      <Total name="failed" note="candidates that it could not judge" alarming={failed > 0}>
        {amount(failed)}
      </Total>
    </dl>
  );
}

function Cost({ report: { cost } }: Readonly<{ report: ShadowReportBody }>) {
  const { shadow, live } = cost;
  const ratio = ratioWords(cost);
  const unpriced = shadow.unpricedCalls + live.unpricedCalls;
  return (
    <Total
      name="cost per 1,000"
      note={[
        ratio,
        `live judge ${perThousand(live.costPer1000Usd)}`,
        unpriced > 0 ? `${amount(unpriced)} calls without a price` : undefined,
      ]
        .filter(Boolean)
        .join(' · ')}
    >
      {perThousand(shadow.costPer1000Usd)}
    </Total>
  );
}

function perThousand(usd: number | null): string {
  return usd === null ? 'unknown' : money(usd);
}

type TotalProps = Readonly<{ name: string; note: string; alarming?: boolean; children: ComponentChildren }>;

function Total({ name, note, alarming = false, children }: TotalProps) {
  return (
    <div class={alarming ? 'alarming' : ''}>
      <dt>{name}</dt>
      <dd>
        {children}
        <small>{note}</small>
      </dd>
    </div>
  );
}
