import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { Database } from '../../../../src/infra/engines/sqlite/database.ts';

const SOURCE = join(import.meta.dirname, '../../../../src/infra/engines/sqlite');
/** The engine's own: it makes the file, or looks at it as a whole. */
const APART = ['database.ts', 'check-database.ts'];
/** They grow with the settings, the processes at work and the passes that people order, and not with the questions. */
const SMALL = ['topics', 'offsets', 'lanes', 'replays', 'pauses', 'workers', 'dataset_versions', 'tallies'];

export type Statement = Readonly<{ sql: string; site: string }>;

/** The file that has the statement, or the table that a repository asks for. */
export function ownerOf({ sql, site }: Statement): string {
  const [path = ''] = site.split(':');
  const [, table = ''] = /\b(?:FROM|INTO|UPDATE) (\w+)/.exec(sql) ?? [];
  return dirname(path) === 'table' ? table : basename(path);
}

/** From now on hears of every statement that a `Database` prepares, with the line of the engine that does it. */
export function recordStatements(): Readonly<{ statements(): readonly Statement[] }> {
  const seen = new Map<string, Statement>();
  const { prepare } = Database.prototype;
  vi.spyOn(Database.prototype, 'prepare').mockImplementation(function (this: Database, sql: string) {
    const site = siteIn(new Error().stack ?? '');
    if (site !== undefined) seen.set(`${site} ${sql}`, { sql, site });
    return prepare.call(this, sql);
  });
  return { statements: () => [...seen.values()] };
}

/** Every line of the engine that prepares a statement. */
export function preparingLines(): readonly string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !APART.includes(basename(file)))
    .flatMap((file) => {
      const lines = readFileSync(join(SOURCE, file), 'utf8').split('\n');
      return lines.flatMap((line, index) => (line.includes('.prepare(') ? [`${file}:${index + 1}`] : []));
    });
}

/**
 * What of a plan (https://sqlite.org/eqp.html) may cost more as tables grow: all of a table that grows, all of a lane, of a
 * run or of another wide range, and what is sorted.
 */
export function costlySteps(db: Database, sql: string): readonly string[] {
  const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
  return steps.map(({ detail }) => String(detail)).filter(isCostly);
}

const WIDE_EQUAL = /^SEARCH .*\((lane|run|shadow|scope|state|status|stage)=\?( AND \w+[<>]\?)*\)$/;
const WIDE_RANGE = /^SEARCH .*\((id|rowid|scope)>\? AND (id|rowid|scope)<\?\)$/;

function isCostly(step: string): boolean {
  const [, how, table = ''] = /^(SCAN|SEARCH) (\w+)/.exec(step) ?? [];
  if (SMALL.includes(table)) return false;
  if (how === 'SCAN') return !step.includes('VIRTUAL TABLE');
  return step.startsWith('USE TEMP B-TREE') || WIDE_EQUAL.test(step) || WIDE_RANGE.test(step);
}

function siteIn(stack: string): string | undefined {
  const sites = [...stack.matchAll(/([^\s(]+\.ts):(\d+)/g)].map(([, path = '', line]) => ({
    path: pathOf(path),
    line,
  }));
  const site = sites.find(({ path }) => !path.startsWith('..') && !APART.includes(basename(path)));
  return site === undefined ? undefined : `${site.path}:${site.line}`;
}

/** In the engine's folder; a path that begins with `..` is of no file of it. */
function pathOf(module: string): string {
  return relative(SOURCE, module.startsWith('file:') ? fileURLToPath(module) : module);
}
