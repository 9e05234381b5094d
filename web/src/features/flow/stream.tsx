import type { StageFlow } from '../../../../src/features/flow/http/schemas.ts';
import { stageColor } from './stage-colors.ts';

const WIDTH = 1_000;
const HEIGHT = 58;
const THINNEST = 3;
const THICKEST = 26;

/** The stream behind the cards: as thick as the stage is fast, moving while something flows. */
export function Stream({ stages }: Readonly<{ stages: readonly StageFlow[] }>) {
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
