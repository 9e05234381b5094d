import type { ShadowDetail } from '../../../../src/features/judges/http/schemas.ts';
import { AgreementDays } from '../../components/agreement-days.tsx';
import { Unloaded } from '../../components/unloaded.tsx';
import { moment } from '../../format.ts';
import { useRefreshed } from '../../use-refreshed.ts';
import { DisagreementList } from './disagreement-list.tsx';
import { JudgeTotals } from './judge-totals.tsx';
import { modelName, summaryOf } from './judge-words.ts';
import { VerdictTable } from './verdict-table.tsx';

const DAYS = 90;

/** One shadow judge beside the live one. */
export function JudgeView({ name, version }: Readonly<{ name: string; version: number }>) {
  const path = `/v1/shadows/${encodeURIComponent(name)}?days=${DAYS}`;
  const { value: report, problem } = useRefreshed<ShadowDetail>(path, version);
  if (report === undefined) return <Unloaded problem={problem} />;
  return (
    <article class="judge">
      <JudgeHead report={report} />
      <JudgeTotals report={report} />
      <div class="judge-pair">
        <VerdictTable report={report} />
        <AgreementDays
          days={report.byDay.map(({ judged: count, agreement: share, day, kappa }) => ({
            day,
            count,
            share,
            kappa,
          }))}
          words={{ count: 'judged', share: 'agreement' }}
        />
      </div>
      <KappaLegend />
      <DisagreementList report={report} />
    </article>
  );
}

function JudgeHead({ report }: Readonly<{ report: ShadowDetail }>) {
  const { name, cost, lane, minScore, since, recipe } = report;
  return (
    <header>
      <h2>{name}</h2>
      <p class="models">
        <b>{modelName(cost.shadow)}</b> beside <b>{modelName(cost.live)}</b>
        <small>
          {` lane ${lane} · approves from ${minScore} on · since ${moment(since)} · recipe ${recipe.slice(0, 8)}`}
        </small>
      </p>
      <p class="lead">{summaryOf(report)}</p>
    </header>
  );
}

/** Where the words for a kappa come from. */
function KappaLegend() {
  return (
    <p class="explained faint">
      Kappa leaves out of the agreement what chance alone would bring: 1 is perfect, 0 is no better than
      guessing. In the words of{' '}
      <a href="https://doi.org/10.2307/2529310" target="_blank" rel="noreferrer">
        Landis and Koch (1977)
      </a>
      : up to 0.20 slight, 0.40 fair, 0.60 moderate, 0.80 substantial, and above that almost perfect. It moves
      a lot below some hundred candidates. Where nearly all are approved it is low though the judges agree:
      look at the four cases then. A candidate that is sent back for a revision counts as rejected.
    </p>
  );
}
