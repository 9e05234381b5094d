// `npm run bench [-- --only latency,kill] [--json FILE]`: measures what the README promises. Times are never asserted; the
// exit code is 1 only if a run lost or damaged an example or paid for one twice.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchCase, isMet } from './bench-case.ts';
import { cases } from './cases/index.ts';
import { type CaseReport, loadNow, table, writeJson } from './report.ts';
import { MEASURED } from './support/cli.ts';

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } });
const chosen = chosenCases(values.only);
const minutes = chosen.reduce((sum, each) => sum + each.minutes, 0);
say(`${chosen.map(({ name }) => name).join(', ')}: about ${Math.ceil(minutes)} minutes, of ${MEASURED}`);

const reports: CaseReport[] = [];
for (const [index, { name, title, run }] of chosen.entries()) {
  const startMs = performance.now();
  const figures = await run((text) => say(`[${index + 1}/${chosen.length}] ${name}: ${text}`));
  reports.push({ name, title, seconds: (performance.now() - startMs) / 1_000, load: loadNow(), figures });
}

console.log(`\n${table(reports)}`);
const path =
  values.json ?? join(import.meta.dirname, 'results', `${new Date().toISOString().replace(/\W/g, '')}.json`);
writeJson(path, reports);
say(`\nwritten to ${path}`);
const wrong = reports.flatMap(({ figures }) => figures.filter((each) => each.must && isMet(each) === false));
process.exitCode = wrong.length > 0 ? 1 : 0;

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
