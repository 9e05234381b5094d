import { useMemo } from 'preact/hooks';
import type { AgreementReply as Agreement } from '../../../../src/infra/http/review/schemas.ts';
import { Chart } from '../../components/chart.tsx';
import { Problem } from '../../components/problem.tsx';
import { amount, percent } from '../../format.ts';
import { useLoaded } from '../../use-loaded.ts';
import { kappaWords } from './kappa-words.ts';

const DAYS = 30;

/** How far people and the judge agree, now and by day. */
export function AgreementView() {
  const loaded = useLoaded<Agreement>(`/v1/review/agreement?days=${DAYS}`);
  if (loaded.kind === 'loading') return <p class="faint">Loading…</p>;
  if (loaded.kind === 'failed') return <Problem error={loaded.error} />;
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
            {kappa === null ? '–' : kappa.toFixed(2)}
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
      <ByDay days={byDay} />
    </>
  );
}

function ByDay({ days }: Readonly<{ days: Agreement['byDay'] }>) {
  const drawn = useMemo(
    () => ({
      times: days.map(({ day }) => Date.parse(day) / 1_000),
      lines: [
        { label: 'accuracy', color: '--stage-2', values: days.map(({ accuracy }) => accuracy) },
        { label: 'kappa', color: '--stage-4', values: days.map(({ kappa }) => kappa) },
      ],
    }),
    [days],
  );
  return (
    <>
      {days.length > 1 && (
        <Chart title="By day" times={drawn.times} lines={drawn.lines} show={percent} range={[0, 1]} points />
      )}
      <table class="card by-day">
        <caption class="unseen">Agreement by day</caption>
        <thead>
          <tr>
            <th scope="col">day</th>
            <th scope="col">decided</th>
            <th scope="col">accuracy</th>
            <th scope="col">kappa</th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map(({ day, decided, accuracy, kappa }) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              <td>{amount(decided)}</td>
              <td>{accuracy === null ? '–' : percent(accuracy)}</td>
              <td>{kappa === null ? '–' : kappa.toFixed(2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
