import type { AgreementReply as Agreement } from '../../../../src/features/review/http/schemas.ts';
import { AgreementDays } from '../../components/agreement-days.tsx';
import { ProblemNotice } from '../../components/problem.tsx';
import { amount, percent } from '../../format.ts';
import { kappaText, kappaWords } from '../../kappa.ts';
import { useLoaded } from '../../use-loaded.ts';

const DAYS = 30;

/** How far people and the judge agree, now and by day. */
export function AgreementView() {
  const loaded = useLoaded<Agreement>(`/v1/review/agreement?days=${DAYS}`);
  if (loaded.kind === 'loading') return <p class="faint">Loading…</p>;
  if (loaded.kind === 'failed') return <ProblemNotice error={loaded.error} />;
  const { decided, agreed, accuracy, kappa, byDay } = loaded.value;
  if (decided === 0 || accuracy === null)
    return <p class="faint">As soon as people have decided, this says how far the judge can be trusted.</p>;
  return (
    <>
      <dl class="totals">
        <div>
          <dt>decided by people</dt>
          <dd>
            {amount(decided)}
            <small>in {DAYS} days</small>
          </dd>
        </div>
        <div>
          <dt>accuracy of the judge</dt>
          <dd>
            {percent(accuracy)}
            <small>
              {amount(agreed)} of {amount(decided)} as people decided
            </small>
          </dd>
        </div>
        <div>
          <dt>Cohen's kappa</dt>
          <dd>
            {kappaText(kappa)}
            <small>
              {kappa === null
                ? 'not defined: everything got the same verdict'
                : `${kappaWords(kappa)} agreement`}
            </small>
          </dd>
        </div>
      </dl>
      <p class="explained">
        Accuracy is the share of candidates on which the judge says what people say; an edit counts as a
        rejection. Kappa leaves out what chance alone would bring: 1 is perfect, 0 is no better than guessing.
        Below about 0.6, change the rubric or the judge before you trust it with less supervision.
      </p>
      <AgreementDays
        days={byDay.map(({ decided: count, accuracy: share, day, kappa: each }) => ({
          day,
          count,
          share,
          kappa: each,
        }))}
        words={{ count: 'decided', share: 'accuracy' }}
      />
    </>
  );
}
