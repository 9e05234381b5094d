// `npm run bench [-- --only latency,kill] [--json FILE | --docs]`: measures what the README promises. Times are never asserted;
// the exit code is 1 only if a run lost or damaged an example or paid for one twice. `--docs` writes docs/benchmarks.json, where
// cases that are left out stay as they are, and what pages are made of it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchCase, isMet } from './bench-case.ts';
import { cases } from './cases/index.ts';
import { fillIn, RESULTS, textsOf } from './docs.ts';
import { type CaseReport, loadNow, readJson, reportOf, table, writeJson } from './report.ts';
import { MEASURED } from './support/cli.ts';

const { values } = parseArgs({
  options: { only: { type: 'string' }, json: { type: 'string' }, docs: { type: 'boolean' } },
});
const chosen = chosenCases(values.only);
const minutes = chosen.reduce((sum, each) => sum + each.minutes, 0);
say(`${chosen.map(({ name }) => name).join(', ')}: about ${Math.ceil(minutes)} minutes, of ${MEASURED}`);

const now = new Date().toISOString().replace(/\W/g, '');
const path =
  values.docs === true ? RESULTS : (values.json ?? join(import.meta.dirname, 'results', `${now}.json`));
const before = values.docs === true && existsSync(RESULTS) ? readJson(RESULTS).cases : [];
const reports = new Map<string, CaseReport>();
for (const [index, { name, title, run }] of chosen.entries()) {
  const startMs = performance.now();
  const figures = await run((text) => say(`[${index + 1}/${chosen.length}] ${name}: ${text}`));
  reports.set(name, {
    name,
    title,
    seconds: (performance.now() - startMs) / 1_000,
    load: loadNow(),
    figures,
  });
  keep();
}

console.log(`\n${table([...reports.values()])}`);
say(`\nwritten to ${path}`);
const wrong = [...reports.values()].flatMap(({ figures }) =>
  figures.filter((each) => each.must && isMet(each) === false),
);
process.exitCode = wrong.length > 0 ? 1 : 0;

/** After each case: who stops it has what was measured. */
function keep(): void {
  const known = new Map([...before.map((each) => [each.name, each] as const), ...reports]);
  const report = reportOf(
    MEASURED,
    cases.flatMap(({ name }) => known.get(name) ?? []),
  );
  writeJson(path, report);
  if (values.docs === true) for (const [page, mark, text] of textsOf(report)) fillIn(page, mark, text);
}

function chosenCases(only: string | undefined): readonly BenchCase[] {
  if (only === undefined) return cases;
  return only.split(',').map((name) => cases.find((each) => each.name === name.trim()) ?? exitUnknown(name));
}

function exitUnknown(name: string): never {
  say(`No case is named ${name}: expected some of ${cases.map((each) => each.name).join(', ')}.`);
  process.exit(2);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
