// `npm run bench:growth [-- --embedded 10000,100000 --servers 10000 --docs]`: whether anything gets slower than in proportion,
// or needs more memory, as stored questions pile up. The exit code is 1 if so. `--docs` writes docs/benchmarks-growth.json and the tables made of it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { DOCS, fillIn } from '../docs.ts';
import { embeddedRows, serverRows } from './engines.ts';
import { type EngineRows, type GrowthReport, growthSchema, growthTables, hasWorse } from './growth-report.ts';
import { SERVER_SIZES, SIZES } from './sizes.ts';

const JSON_PATH = join(DOCS, 'benchmarks-growth.json');
const { values } = parseArgs({
  options: {
    embedded: { type: 'string' },
    servers: { type: 'string' },
    docs: { type: 'boolean' },
    again: { type: 'boolean' },
  },
});
const path = values.docs === true ? JSON_PATH : join(import.meta.dirname, '../results/growth.json');
const chosen = values.embedded !== undefined || values.servers !== undefined;
const engines = new Map<string, EngineRows['rows']>();

if (values.again === true) writeDocs(read(JSON_PATH));
else {
  if (values.docs === true && chosen)
    for (const { name, rows } of read(JSON_PATH)?.engines ?? []) engines.set(name, rows);
  const embedded = sizesOf(values.embedded, chosen ? [] : SIZES);
  const servers = sizesOf(values.servers, chosen ? [] : SERVER_SIZES);
  if (embedded.length > 0) await embeddedRows(embedded, say, (rows) => keep('Embedded', rows));
  if (servers.length > 0) await serverRows(servers, say, (rows) => keep('Kafka and MongoDB', rows));
}

/** After each size: who stops it has what was measured. */
function keep(name: string, rows: EngineRows['rows']): void {
  engines.set(name, rows);
  const machine = { node: process.version, cores: cpus().length, memoryMb: Math.round(totalmem() / 2 ** 20) };
  const report: GrowthReport = {
    ...{ at: new Date().toISOString(), machine },
    engines: [...engines].map(([each, its]) => ({ name: each, rows: [...its] })),
  };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
  console.log(growthTables(report));
  if (values.docs === true) writeDocs(report);
  process.exitCode = hasWorse(rows) ? 1 : 0;
}

function writeDocs(report: GrowthReport | undefined): void {
  if (report === undefined) return;
  fillIn('benchmarks.md', 'growth', growthTables(report));
}

function read(file: string): GrowthReport | undefined {
  try {
    return growthSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function sizesOf(text: string | undefined, otherwise: readonly number[]): readonly number[] {
  return text === undefined ? otherwise : text.split(',').map(Number);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
