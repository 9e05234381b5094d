import { z } from 'zod';

/** How seconds grow from the fewest stored questions to the most: `flat`, `linear`, or what should not be. */
export type Growth = 'flat' | 'linear' | 'worse than linear';

const FLAT_EXPONENT = 0.35;
/** A machine whose cache a large database outgrows does the same for each row, only more slowly. */
const LINEAR_EXPONENT = 1.25;

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
        }),
      ),
    }),
  ),
});
export type GrowthReport = z.output<typeof growthSchema>;
export type EngineRows = GrowthReport['engines'][number];

/** By the exponent of the power law through the two ends. */
export function growthOf(rows: EngineRows['rows'], what: string): Growth | undefined {
  const [first, last] = [rows[0], rows.at(-1)];
  const [from, to] = [first?.seconds[what], last?.seconds[what]];
  if (first === undefined || last === undefined || first === last || from === undefined || to === undefined)
    return undefined;
  const exponent = Math.log(to / from) / Math.log(last.questions / first.questions);
  if (exponent <= FLAT_EXPONENT) return 'flat';
  return exponent <= LINEAR_EXPONENT ? 'linear' : 'worse than linear';
}

/** A table for each engine, in Markdown. */
export function growthTables({ engines }: GrowthReport): string {
  return engines.map(tableOf).join('\n\n');
}

function tableOf({ name, rows }: EngineRows): string {
  const names = [...new Set(rows.flatMap(({ seconds }) => Object.keys(seconds)))];
  const head = [
    `${name}, seconds with so many stored`,
    ...rows.map(({ questions }) => questions.toLocaleString('en')),
    'grows',
  ];
  const line = (what: string) => [
    what,
    ...rows.map(({ seconds }) => textOf(seconds[what])),
    growthOf(rows, what) ?? '',
  ];
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
  return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...names.map(line), ...facts]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function textOf(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  return seconds >= 10 ? seconds.toFixed(0) : seconds.toPrecision(2);
}
