import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';

type Line = Readonly<{ label: string; color: string; values: readonly (number | null)[] }>;
type ChartProps = Readonly<{
  title: string;
  /** Seconds since 1970. */
  times: readonly number[];
  lines: readonly Line[];
  show: (value: number) => string;
  /** Of the values; from 0 up to the highest otherwise. */
  range?: readonly [low: number, high: number];
  /** Few points are marked one by one. */
  points?: boolean;
}>;

const HEIGHT = 180;

/** Lines over time. The colours are names of CSS variables. */
export function Chart(props: ChartProps) {
  const { title, times, lines, show } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    plot.current ??= new uPlot(optionsOf(element, props), [[]], element);
    plot.current.setData([[...times], ...lines.map(({ values }) => [...values])]);
  }, [times, lines, show]);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const sizes = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, []);
  return (
    <section class="card chart">
      <h2>{title}</h2>
      <div
        ref={place}
        role="img"
        aria-label={`${title}: ${lines.map((line) => lastOf(line, show)).join(', ')}`}
      />
    </section>
  );
}

function lastOf({ label, values }: Line, show: ChartProps['show']): string {
  const last = values.at(-1) ?? null;
  return `${label} ${last === null ? 'unknown' : show(last)}`;
}

function optionsOf(element: HTMLElement, { lines, show, range, points }: ChartProps): uPlot.Options {
  const colour = (name: string) => () => getComputedStyle(element).getPropertyValue(name);
  const axis = {
    stroke: colour('--faint'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    cursor: { y: false, points: { show: false } },
    axes: [axis, { ...axis, size: 56, values: (_plot, values) => values.map(show) }],
    scales: {
      y: {
        range: (_plot, _low, high) => (range === undefined ? [0, Math.max(high, 1e-9) * 1.1] : [...range]),
      },
    },
    series: [
      {},
      ...lines.map(({ label, color }) => ({
        label,
        stroke: colour(color),
        width: 1.75,
        points: { show: points === true },
        value: (_plot: uPlot, value: number | null) => (value === null ? '–' : show(value)),
      })),
    ],
  };
}
