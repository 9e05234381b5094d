import type { EngineName } from './engines/engine.ts';

/** What one trial came to. */
export type Row = Readonly<{
  name: string;
  engine: EngineName;
  questions: number;
  /** Calls that reached the model server. */
  started: number;
  /** Calls beyond finished works and failed attempts: made again. */
  repeated: number;
  /** Works whose whole answer came to workers a second time. */
  cameTwice: number;
  /** Dead letters. */
  dead: number;
  lost: number;
  duplicates: number;
  /** From the end of a fault until the next result is stored, at worst. */
  recoverSeconds: number;
}>;

const HEAD = [
  'case',
  'engine',
  'questions',
  'calls',
  'made again',
  'came twice',
  'dead letters',
  'lost',
  'double',
  'seconds',
];

/** A Markdown table, one line per trial. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map((row) => [
    row.name,
    row.engine,
    ...[row.questions, row.started, row.repeated, row.cameTwice, row.dead, row.lost, row.duplicates].map(
      String,
    ),
    row.recoverSeconds.toFixed(1),
  ]);
  const rule = HEAD.map((_, index) => (index < 2 ? '---' : '---:'));
  return [HEAD, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
