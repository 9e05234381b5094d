import type { Flow, StageFlow } from '../../../../src/features/flow/http/schemas.ts';
import { moment } from '../../format.ts';
import { FlowCharts } from './flow-charts.tsx';
import { StageCard } from './stage-card.tsx';
import { stageColor } from './stage-colors.ts';
import { Totals } from './totals.tsx';

const WIDTH = 1_000;
const HEIGHT = 58;
const THINNEST = 3;
const THICKEST = 26;

/** The stages as one stream, now and over the last hour. */
export function FlowView({ flow }: Readonly<{ flow: Flow }>) {
  return (
    <>
      <h1 class="unseen">Flow</h1>
      <AlarmList alarms={flow.alarms} />
      <Totals flow={flow} />
      <section class="river" aria-label="The stages">
        <Stream stages={flow.stages} />
        <ol>
          {flow.stages.map((stage, index) => (
            <li key={stage.stage}>
              <StageCard number={index + 1} stage={stage} />
            </li>
          ))}
        </ol>
      </section>
      <FlowCharts at={flow.at} />
    </>
  );
}

/** What the workers want a person to know. */
function AlarmList({ alarms }: Pick<Flow, 'alarms'>) {
  if (alarms.length === 0) return null;
  return (
    <ul class="alarms" role="alert">
      {alarms.map(({ worker, code, message, since }) => (
        <li key={`${worker} ${code}`}>
          <strong>{code}</strong> {message}
          <small>
            {worker}, since {moment(since)}
          </small>
        </li>
      ))}
    </ul>
  );
}

/** The stream behind the cards: as thick as the stage is fast, moving while something flows. */
function Stream({ stages }: Readonly<{ stages: readonly StageFlow[] }>) {
  const fastest = Math.max(1, ...stages.map(({ ratePerMinute }) => ratePerMinute));
  const step = WIDTH / Math.max(1, stages.length);
  return (
    <svg class="stream" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {stages.map(({ stage, ratePerMinute, circuit, paused }, index) => {
        const flows = ratePerMinute > 0 && circuit !== 'open' && !paused;
        return (
          <path
            key={stage}
            class={flows ? 'flows' : 'still'}
            d={waveFrom(index * step, step)}
            stroke={`var(${stageColor(index)})`}
            stroke-width={THINNEST + (THICKEST - THINNEST) * (ratePerMinute / fastest)}
          />
        );
      })}
    </svg>
  );
}

function waveFrom(x: number, width: number): string {
  const middle = HEIGHT / 2;
  const third = width / 3;
  return `M ${x} ${middle} C ${x + third} ${middle - 16}, ${x + 2 * third} ${middle + 16}, ${x + width} ${middle}`;
}
