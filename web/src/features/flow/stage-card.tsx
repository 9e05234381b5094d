import type { StageFlow } from '../../../../src/features/flow/http/schemas.ts';
import { Figure } from '../../components/figure.tsx';
import { amount, durationOfMs, howMany, money } from '../../format.ts';
import { PauseButton } from './pause-button.tsx';
import { stageColor } from './stage-colors.ts';

type StageCardProps = Readonly<{ number: number; stage: StageFlow }>;

/** One stage: what waits, what is on its way, what came of it. */
export function StageCard({ number, stage }: StageCardProps) {
  const { stage: name, waiting, inFlight, done, failed, failedAttempts, ratePerMinute, limit } = stage;
  return (
    <article class="card stage" style={{ borderTopColor: `var(${stageColor(number - 1)})` }}>
      <header>
        <h2>
          <small>{number}</small> {name}
        </h2>
        <StageState stage={stage} />
        <PauseButton stage={name} paused={stage.paused} />
      </header>
      <dl class="facts">
        <Figure name="waiting">{amount(waiting)}</Figure>
        <Figure name="in flight">{amount(inFlight)}</Figure>
        <Figure name="done">{amount(done)}</Figure>
        <Figure name="failed" alarming={failed > 0}>
          {amount(failed)}
        </Figure>
      </dl>
      <p class="faint">
        {amount(ratePerMinute)} a minute
        {stage.p50Ms !== null && stage.p95Ms !== null && (
          <span title="half, and 95 %, of the works took no longer">
            {` · ${durationOfMs(stage.p50Ms)} p50 · ${durationOfMs(stage.p95Ms)} p95`}
          </span>
        )}
      </p>
      <p class="faint">
        {howMany(stage.workers, 'worker')}
        {stage.partitions > 0 && ` · ${howMany(stage.partitions, 'partition')}`}
        {stage.lag !== null && ` · lag ${amount(stage.lag)}`}
        {stage.tokens > 0 && ` · ${amount(stage.tokens)} tokens · ${money(stage.costUsd)}`}
        {limit !== null && ` · endpoint takes ${amount(limit)} calls at once`}
        {failedAttempts > 0 && ` · ${amount(failedAttempts)} attempts failed`}
      </p>
    </article>
  );
}

function StageState({ stage: { circuit, circuitCause, workers, paused } }: Readonly<{ stage: StageFlow }>) {
  if (paused) return <span class="badge held">paused</span>;
  if (circuit === 'open' || circuit === 'half-open')
    return (
      <span class="badge dead_lettered" title={circuitCause ?? ''}>
        {circuit === 'open' ? 'model away' : 'probing'}
      </span>
    );
  if (workers === 0) return <span class="badge pending">no worker</span>;
  return <span class="badge approved">at work</span>;
}
