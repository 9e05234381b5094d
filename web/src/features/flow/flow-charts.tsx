import { useMemo } from 'preact/hooks';
import type { FlowHistory, FlowPoint, StageFlow } from '../../../../src/features/flow/http/schemas.ts';
import { Chart } from '../../components/chart.tsx';
import { Problem } from '../../components/problem.tsx';
import { amount, money } from '../../format.ts';
import { useLoaded } from '../../use-loaded.ts';
import { STAGE_COLORS } from './stage-colors.ts';

const EVERY_MS = 10_000;
const STAGES: readonly StageFlow['stage'][] = ['questions', 'research', 'generation', 'review', 'storage'];
const MINUTE = 60;

/** The last hour. `at` is the moment of the newest snapshot: with it the charts go on. */
export function FlowCharts({ at }: Readonly<{ at: string }>) {
  const loaded = useLoaded<FlowHistory>('/v1/flow/history?minutes=60', Math.floor(Date.parse(at) / EVERY_MS));
  if (loaded.kind === 'loading') return null;
  if (loaded.kind === 'failed') return <Problem error={loaded.error} />;
  return <ChartsOf history={loaded.value} />;
}

function ChartsOf({ history: { points, stepSeconds } }: Readonly<{ history: FlowHistory }>) {
  const drawn = useMemo(() => {
    const perMinute = (value: number) => (value * MINUTE) / stepSeconds;
    const perStage = (value: (point: FlowPoint, stage: StageFlow['stage']) => number) =>
      STAGES.map((stage) => ({
        label: stage,
        color: STAGE_COLORS[stage],
        values: points.map((point) => value(point, stage)),
      }));
    return {
      times: points.map((point) => point.at),
      done: perStage((point, stage) => perMinute(point.done[stage])),
      inFlight: perStage((point, stage) => point.inFlight[stage]),
      cost: [
        { label: 'US dollars', color: '--accent', values: points.map(({ costUsd }) => perMinute(costUsd)) },
      ],
      tokens: [{ label: 'tokens', color: '--accent', values: points.map(({ tokens }) => perMinute(tokens)) }],
    };
  }, [points, stepSeconds]);
  const { times } = drawn;
  if (times.length < 2) return <p class="faint">The charts begin in some seconds.</p>;
  return (
    <div class="charts">
      <Chart title="Done a minute" times={times} lines={drawn.done} show={amount} />
      <Chart title="In flight" times={times} lines={drawn.inFlight} show={amount} />
      <Chart title="Tokens a minute" times={times} lines={drawn.tokens} show={amount} />
      <Chart title="Cost a minute" times={times} lines={drawn.cost} show={money} />
    </div>
  );
}
