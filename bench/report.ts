import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { type Figure, isMet } from './bench-case.ts';

/** What came of a case. */
export type CaseReport = Readonly<{
  name: string;
  title: string;
  seconds: number;
  /** Processes that wanted a core, on average over the minute before the end: beyond the cores, times are too long. */
  load: number;
  figures: readonly Figure[];
}>;

const HEADS = ['', 'measured', 'target', '', 'others *'];
const FOOTNOTE = `* What users would pick instead, measured on another machine with the same work. Not measured here.
Ratios and counts can be compared; plain times and rates are those of this machine under whatever else it does.`;

/** The cases as one table for people. */
export function table(reports: readonly CaseReport[]): string {
  const rows = reports.flatMap(({ figures }) => figures.map(rowOf));
  const widths = HEADS.map((head, column) =>
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
  return [lineOf(HEADS), ...lines, '', FOOTNOTE].join('\n');
}

function rowOf(figure: Figure): readonly string[] {
  const { name, value, unit, rivals = '' } = figure;
  const met = isMet(figure);
  const verdict = met === undefined ? '' : met ? 'ok' : figure.must ? 'WRONG' : 'missed';
  return [`  ${name}`, `${rounded(value)} ${unit}`.trim(), targetOf(figure), verdict, rivals];
}

function targetOf({ target }: Figure): string {
  if (target === undefined) return '';
  return 'most' in target ? `<= ${target.most}` : `>= ${target.least}`;
}

function rounded(value: number): string {
  return Number.isInteger(value) || value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** The same for machines, with every single measurement and the machine it was made on. */
export function writeJson(path: string, reports: readonly CaseReport[]): void {
  const machine = {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
    memoryMb: Math.round(totalmem() / 2 ** 20),
  };
  const cases = reports.map(({ figures, ...rest }) => ({
    ...rest,
    figures: figures.map((figure) => ({ ...figure, met: isMet(figure) })),
  }));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify({ at: new Date().toISOString(), machine, cases }, null, 2)}\n`);
}

/** How many processes want a core just now. */
export function loadNow(): number {
  return loadavg()[0] ?? 0;
}
