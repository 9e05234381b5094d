import type { AgreementReply as Agreement } from '../../../../src/features/review/http/schemas.ts';
import { AgreementDays } from '../../components/agreement-days.tsx';
import { Figure } from '../../components/figure.tsx';
import { Unloaded } from '../../components/unloaded.tsx';
import { amount, percent } from '../../format.ts';
import { kappaText, kappaWords } from '../../kappa.ts';
import { useLoaded } from '../../use-loaded.ts';

const DAYS = 30;

/** How far people and the judge agree, now and by day. */
export function AgreementView() {
  const { value, problem } = useLoaded<Agreement>(`/v1/review/agreement?days=${DAYS}`);
  if (value === undefined) return <Unloaded problem={problem} />;
  const { decided, agreed, accuracy, kappa, byDay } = value;
  if (decided === 0 || accuracy === null)
    return <p class="faint">As soon as people have decided, this says how far the judge can be trusted.</p>;
  return (
    <>
      <dl class="totals">
        <Figure name="decided by people" note={`in ${DAYS} days`}>
          {amount(decided)}
        </Figure>
        <Figure
          name="accuracy of the judge"
          note={`${amount(agreed)} of ${amount(decided)} as people decided`}
        >
          {percent(accuracy)}
        </Figure>
        <Figure
          name="Cohen's kappa"
          note={
            kappa === null ? 'not defined: everything got the same verdict' : `${kappaWords(kappa)} agreement`
          }
        >
          {kappaText(kappa)}
        </Figure>
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
