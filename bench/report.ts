import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type Figure, figureSchema, isMet } from './bench-case.ts';

const caseSchema = z.object({
  name: z.string(),
  title: z.string(),
  seconds: z.number(),
  /** Processes that wanted a core, on average over the minute before the end: beyond the cores, times are too long. */
  load: z.number(),
  figures: z.array(figureSchema).readonly(),
});

const reportSchema = z.object({
  at: z.string(),
  /** The source or the built package. */
  measured: z.string(),
  machine: z.object({
    ...{ node: z.string(), platform: z.string(), cpu: z.string() },
    ...{ cores: z.number(), memoryMb: z.number() },
  }),
  cases: z.array(caseSchema).readonly(),
});

/** What came of a case. */
export type CaseReport = Readonly<z.output<typeof caseSchema>>;
/** What came of all, with every single measurement and the machine it was made on. */
export type BenchReport = Readonly<z.output<typeof reportSchema>>;

const HEADS = ['', 'measured', 'target', '', 'others *'];
const FOOTNOTE = `* What users would pick instead, measured on another machine with the same work. Not measured here.
Ratios and counts can be compared; plain times and rates are those of this machine under whatever else it does.`;

/** The cases as one table for people. */
export function table(reports: readonly CaseReport[]): string {
  const rows = reports.flatMap(({ figures }) => figures.map(rowOf));
  const heads = rows.some((row) => row.at(-1) !== '') ? HEADS : HEADS.slice(0, -1);
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const lines = reports.flatMap(({ title, load, figures }) => [
    '',
    `${title} (load ${load.toFixed(1)})`,
    ...figures.map((figure) => lineOf(rowOf(figure))),
  ]);
  const footnote = heads === HEADS ? ['', FOOTNOTE] : [];
  return [lineOf(heads), ...lines, ...footnote].join('\n');
}

function rowOf(figure: Figure): readonly string[] {
  const { name, rivals = '' } = figure;
  const met = isMet(figure);
  const verdict = met === undefined ? '' : met ? 'ok' : figure.must ? 'WRONG' : 'missed';
  return [`  ${name}`, amountOf(figure), targetOf(figure), verdict, rivals];
}

function targetOf({ target }: Figure): string {
  if (target === undefined) return '';
  return 'most' in target ? `<= ${target.most}` : `>= ${target.least}`;
}

function amountOf({ value, unit }: Figure): string {
  return `${rounded(value)} ${unit}`.trim();
}

function rounded(value: number): string {
  return Number.isInteger(value) || value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** What did not reach its target, as a list in Markdown. */
export function missed(reports: readonly CaseReport[]): string {
  const lineOf = (title: string, figure: Figure) =>
    `- ${title.slice(0, 3)} ${figure.name}: ${amountOf(figure)}, target ${targetOf(figure)}`;
  const lines = reports.flatMap(({ title, figures }) =>
    figures.filter((figure) => isMet(figure) === false).map((figure) => lineOf(title, figure)),
  );
  return lines.length > 0 ? lines.join('\n') : 'None.';
}

/** A report of these cases, made now on this machine. */
export function reportOf(measured: string, cases: readonly CaseReport[]): BenchReport {
  const machine = {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
    memoryMb: Math.round(totalmem() / 2 ** 20),
  };
  return { at: new Date().toISOString(), measured, machine, cases };
}

export function writeJson(path: string, report: BenchReport): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
}

/** What {@link writeJson} wrote. */
export function readJson(path: string): BenchReport {
  return reportSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** How many processes want a core just now. */
export function loadNow(): number {
  return loadavg()[0] ?? 0;
}
