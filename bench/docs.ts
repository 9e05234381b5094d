import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchReport, missed, table } from './report.ts';

export const DOCS = join(import.meta.dirname, '../docs');
/** What the tables of the pages are made of. */
export const RESULTS = join(DOCS, 'benchmarks.json');

/** What scaling.md shows: a stage by its number of workers, and the ceiling of one process. */
const OF_SCALING = ['scaling', 'rate'];

/** The texts of the pages that are made of a report, by page and by mark. */
export function textsOf({
  cases,
}: BenchReport): readonly (readonly [page: string, mark: string, text: string])[] {
  return [
    ['benchmarks.md', 'bench', fenced(table(cases))],
    ['benchmarks.md', 'missed', missed(cases)],
    ['scaling.md', 'scaling', fenced(table(cases.filter(({ name }) => OF_SCALING.includes(name))))],
  ];
}

/** Puts a text between `<!-- mark -->` and `<!-- /mark -->` of a page in docs/. */
export function fillIn(page: string, mark: string, text: string): void {
  const path = join(DOCS, page);
  const { before, after } = around(readFileSync(path, 'utf8'), mark);
  writeFileSync(path, `${before}${text}${after}`);
}

/** What stands before and after the text of a mark, the marks with it. */
export function around(
  page: string,
  mark: string,
): Readonly<{ before: string; text: string; after: string }> {
  const [start, end] = [`<!-- ${mark} -->\n`, `\n<!-- /${mark} -->`];
  const [from, to] = [page.indexOf(start) + start.length, page.indexOf(end)];
  if (from < start.length || to < from)
    throw new Error(`The page has no text between ${start.trim()} and ${end.trim()}.`);
  return { before: page.slice(0, from), text: page.slice(from, to), after: page.slice(to) };
}

function fenced(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}
