import { useState } from 'preact/hooks';
import type { StageFlow } from '../../../../src/infra/http/flow/schemas.ts';
import { post } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';
import { amount, duration, money } from '../../format.ts';
import { STAGE_COLORS } from './stage-colors.ts';

type StageCardProps = Readonly<{ number: number; stage: StageFlow }>;

/** One stage: what waits, what is on its way, what came of it. */
export function StageCard({ number, stage }: StageCardProps) {
  const { stage: name, waiting, inFlight, done, failed, failedAttempts, ratePerMinute, took, limit } = stage;
  return (
    <article class="card stage" style={{ borderTopColor: `var(${STAGE_COLORS[name]})` }}>
      <header>
        <h2>
          <small>{number}</small> {name}
        </h2>
        <StageState stage={stage} />
      </header>
      <dl class="facts">
        <Fact name="waiting" value={amount(waiting)} />
        <Fact
          name="in flight"
          value={limit === null ? amount(inFlight) : `${amount(inFlight)} of ${amount(limit)}`}
        />
        <Fact name="done" value={amount(done)} />
        <Fact name="failed" value={amount(failed)} alarming={failed > 0} />
      </dl>
      {limit !== null && (
        <meter
          min={0}
          max={Math.max(1, limit)}
          value={inFlight}
          aria-label={`${inFlight} of ${limit} calls at once`}
        />
      )}
      <p class="faint">
        {amount(ratePerMinute)} a minute
        {took !== null && ` · ${duration(took.p50Ms)}, 95 % within ${duration(took.p95Ms)}`}
      </p>
      <p class="faint">
        {amount(stage.workers)} {stage.workers === 1 ? 'worker' : 'workers'}
        {stage.tokens > 0 && ` · ${amount(stage.tokens)} tokens · ${money(stage.costUsd)}`}
        {failedAttempts > 0 && ` · ${amount(failedAttempts)} attempts failed`}
      </p>
      <PauseButton stage={stage} />
    </article>
  );
}

function Fact({
  name,
  value,
  alarming = false,
}: Readonly<{ name: string; value: string; alarming?: boolean }>) {
  return (
    <div class={alarming ? 'alarming' : ''}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function StageState({ stage: { paused, circuit, circuitCause, workers } }: Readonly<{ stage: StageFlow }>) {
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

function PauseButton({ stage: { stage, paused } }: Readonly<{ stage: StageFlow }>) {
  const [problem, setProblem] = useState<Error>();
  const act = paused ? 'resume' : 'pause';
  const onClick = () => {
    setProblem(undefined);
    post(`/v1/stages/${stage}/${act}`).catch(setProblem);
  };
  return (
    <>
      <button type="button" class="quiet" onClick={onClick}>
        {paused ? 'Resume' : 'Pause'} <span class="unseen">{stage}</span>
      </button>
      {problem !== undefined && <Problem error={problem} />}
    </>
  );
}
