import { z } from 'zod';

/** How a figure grows from the fewest stored questions to the most: `flat`, for seconds `linear`, or what should not be. */
type Growth = 'flat' | 'linear' | 'worse than linear' | 'grows';

const FLAT_EXPONENT = 0.35;
/** A machine whose cache a large database outgrows does the same for each row, only more slowly. */
const LINEAR_EXPONENT = 1.25;
/** Of memory. */
const FLAT_FACTOR = 1.2;

export const growthSchema = z.object({
  at: z.string(),
  machine: z.object({ node: z.string(), cores: z.number(), memoryMb: z.number() }),
  engines: z.array(
    z.object({
      name: z.string(),
      rows: z.array(
        z.object({
          questions: z.number(),
          load: z.number(),
          bytes: z.number(),
          seconds: z.record(z.string(), z.number()),
          megabytes: z.record(z.string(), z.number()).default({}),
        }),
      ),
    }),
  ),
});
export type GrowthReport = z.output<typeof growthSchema>;
export type EngineRows = GrowthReport['engines'][number];

type Rows = EngineRows['rows'];
type Unit = 'seconds' | 'megabytes';
type Line = Readonly<{ what: string; figures: readonly (number | undefined)[]; growth: Growth | undefined }>;

/** Whether anything grows as it should not. */
export function hasWorse(rows: Rows): boolean {
  const bad: readonly (Growth | undefined)[] = ['worse than linear', 'grows'];
  return [...linesOf(rows, 'seconds'), ...linesOf(rows, 'megabytes')].some(({ growth }) =>
    bad.includes(growth),
  );
}

function linesOf(rows: Rows, unit: Unit): readonly Line[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row[unit])))];
  return names.map((what) => {
    const figures = rows.map((row) => row[unit][what]);
    const growth = unit === 'seconds' ? growthOfSeconds(rows, figures) : growthOfMemory(figures);
    return { what, figures, growth };
  });
}

/** By the exponent of the power law through the two ends. */
function growthOfSeconds(rows: Rows, figures: Line['figures']): Growth | undefined {
  const [first, last] = [rows[0], rows.at(-1)];
  const [from, to] = [figures[0], figures.at(-1)];
  if (first === undefined || last === undefined || first === last || from === undefined || to === undefined)
    return undefined;
  const exponent = Math.log(to / from) / Math.log(last.questions / first.questions);
  if (exponent <= FLAT_EXPONENT) return 'flat';
  return exponent <= LINEAR_EXPONENT ? 'linear' : 'worse than linear';
}

/** By how many times that of the fewest the most is. */
function growthOfMemory(figures: Line['figures']): Growth | undefined {
  const [first, ...others] = figures.filter((each) => each !== undefined);
  if (first === undefined || others.length === 0) return undefined;
  return Math.max(...others) <= first * FLAT_FACTOR ? 'flat' : 'grows';
}

/** A table for each engine, in Markdown. */
export function growthTables({ engines }: GrowthReport): string {
  return engines.map(tableOf).join('\n\n');
}

function tableOf({ name, rows }: EngineRows): string {
  const head = [
    `${name}, seconds with so many stored`,
    ...rows.map(({ questions }) => questions.toLocaleString('en')),
    'grows',
  ];
  const cells = ({ what, figures, growth }: Line) => [what, ...figures.map(textOf), growth ?? ''];
  const seconds = linesOf(rows, 'seconds').map(cells);
  const memory = linesOf(rows, 'megabytes').map((line) => cells({ ...line, what: `${line.what}, MB` }));
  const facts = [
    ['load of the machine', ...rows.map(({ load }) => load.toFixed(1)), ''],
    [
      'bytes a question',
      ...rows.map(({ bytes, questions }) =>
        bytes === 0 ? '' : Math.round(bytes / questions).toLocaleString('en'),
      ),
      '',
    ],
  ];
  return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...seconds, ...memory, ...facts]
    .map((each) => `| ${each.join(' | ')} |`)
    .join('\n');
}

function textOf(figure: number | undefined): string {
  if (figure === undefined) return '';
  return figure >= 10 ? figure.toFixed(0) : figure.toPrecision(2);
}
