import type { Flow } from '../../../../src/features/flow/http/schemas.ts';
import { AlarmList } from './alarms.tsx';
import { FlowCharts } from './flow-charts.tsx';
import { StageCard } from './stage-card.tsx';
import { Stream } from './stream.tsx';
import { Totals } from './totals.tsx';

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
