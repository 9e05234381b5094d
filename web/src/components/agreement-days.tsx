import { useMemo } from 'preact/hooks';
import { amount, percent } from '../format.ts';
import { kappaText, lowestShown } from '../kappa.ts';
import { Chart } from './chart.tsx';

/** How far two who judge the same saw the same on one day (UTC). */
type AgreementDay = Readonly<{
  day: string;
  count: number;
  share: number | null;
  kappa: number | null;
}>;

type AgreementDaysProps = Readonly<{
  days: readonly AgreementDay[];
  /** What `count` counts, and what `share` is a share of. */
  words: Readonly<{ count: string; share: string }>;
}>;

/** The agreement as it went, drawn and in figures. */
export function AgreementDays({ days, words }: AgreementDaysProps) {
  const drawn = useMemo(
    () => ({
      low: lowestShown(days.map(({ kappa }) => kappa)),
      times: days.map(({ day }) => Date.parse(day) / 1_000),
      lines: [
        { label: words.share, color: '--stage-2', values: days.map(({ share }) => share) },
        { label: 'kappa', color: '--stage-4', values: days.map(({ kappa }) => kappa) },
      ],
    }),
    [days, words.share],
  );
  return (
    <div class="agreement-days">
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
      {days.length > 0 && <DaysInFigures days={days} words={words} />}
    </div>
  );
}

function DaysInFigures({ days, words }: AgreementDaysProps) {
  return (
    <details open={days.length === 1}>
      <summary>In figures</summary>
      <table class="card by-day">
        <caption class="unseen">Agreement by day</caption>
        <thead>
          <tr>
            <th scope="col">day</th>
            <th scope="col">{words.count}</th>
            <th scope="col">{words.share}</th>
            <th scope="col">kappa</th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map(({ day, count, share, kappa }) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              <td>{amount(count)}</td>
              <td>{share === null ? '–' : percent(share)}</td>
              <td>{kappaText(kappa)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
