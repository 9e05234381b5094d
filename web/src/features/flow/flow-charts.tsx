import { useMemo } from 'preact/hooks';
import type { FlowHistory, FlowPoint } from '../../../../src/features/flow/http/schemas.ts';
import { Chart } from '../../components/chart.tsx';
import { ProblemNotice } from '../../components/problem.tsx';
import { amount, money } from '../../format.ts';
import { useLoaded } from '../../use-loaded.ts';
import { stageColor } from './stage-colors.ts';

const EVERY_MS = 10_000;
const MINUTE = 60;

/** The last hour. `at` is the moment of the newest snapshot: with it the charts go on. */
export function FlowCharts({ at }: Readonly<{ at: string }>) {
  const version = Math.floor(Date.parse(at) / EVERY_MS);
  const { value, problem } = useLoaded<FlowHistory>('/v1/flow/history?minutes=60', version);
  if (problem !== undefined) return <ProblemNotice error={problem} />;
  return value === undefined ? null : <ChartsOf history={value} />;
}

function ChartsOf({ history: { points, stepSeconds } }: Readonly<{ history: FlowHistory }>) {
  const drawn = useMemo(() => {
    const perMinute = (value: number) => (value * MINUTE) / stepSeconds;
    const stages = Object.keys(points.at(-1)?.done ?? {});
    const perStage = (
      valuesOf: (point: FlowPoint) => Readonly<Record<string, number>>,
      shown = (value: number) => value,
    ) =>
      stages.map((stage, place) => ({
        label: stage,
        color: stageColor(place),
        values: points.map((point) => shown(valuesOf(point)[stage] ?? 0)),
      }));
    return {
      times: points.map((point) => point.at),
      done: perStage(({ done }) => done, perMinute),
      inFlight: perStage(({ inFlight }) => inFlight),
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
