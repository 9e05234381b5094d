import { useMemo } from 'preact/hooks';
import type { ShadowDetail } from '../../../../src/infra/http/shadows/schemas.ts';
import { Chart } from '../../components/chart.tsx';
import { amount, percent } from '../../format.ts';
import { kappaText, lowestShown } from './judge-words.ts';

type Days = ShadowDetail['byDay'];

/** The agreement as it went, drawn and in figures. */
export function ByDay({ days }: Readonly<{ days: Days }>) {
  const drawn = useMemo(
    () => ({
      low: lowestShown(days.map(({ kappa }) => kappa)),
      times: days.map(({ day }) => Date.parse(day) / 1_000),
      lines: [
        { label: 'agreement', color: '--stage-2', values: days.map(({ agreement }) => agreement) },
        { label: 'kappa', color: '--stage-4', values: days.map(({ kappa }) => kappa) },
      ],
    }),
    [days],
  );
  return (
    <div class="judged-days">
      {days.length > 1 ? (
        <Chart
          key={drawn.low}
          title="Agreement by day"
          times={drawn.times}
          lines={drawn.lines}
          show={percent}
          range={[drawn.low, 1]}
          points
        />
      ) : (
        <section class="card">
          <h2>Agreement by day</h2>
          <p class="faint">The chart begins with the second day.</p>
        </section>
      )}
      {days.length > 0 && <DaysInFigures days={days} />}
    </div>
  );
}

function DaysInFigures({ days }: Readonly<{ days: Days }>) {
  return (
    <details>
      <summary>In figures</summary>
      <table class="card by-day">
        <caption class="unseen">Agreement by day</caption>
        <thead>
          <tr>
            <th scope="col">day</th>
            <th scope="col">judged</th>
            <th scope="col">agreement</th>
            <th scope="col">kappa</th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map(({ day, judged, agreement, kappa }) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              <td>{amount(judged)}</td>
              <td>{agreement === null ? '–' : percent(agreement)}</td>
              <td>{kappaText(kappa)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
