import { amount } from '../format.ts';

type BarsProps = Readonly<{ title: string; bars: readonly Readonly<{ label: string; count: number }>[] }>;

/** A distribution as labelled bars: a table to those who cannot see it. */
export function Bars({ title, bars }: BarsProps) {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <section class="card bars">
      <h2>{title}</h2>
      {bars.length === 0 && <p class="faint">Nothing yet.</p>}
      <dl>
        {bars.map(({ label, count }) => (
          <div key={label}>
            <dt>{label === '' ? 'no topic' : label}</dt>
            <dd>
              <meter min={0} max={most} value={count} aria-label={`${label}: ${count}`} />
              <span>{amount(count)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
