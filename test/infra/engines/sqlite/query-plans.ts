import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

/** `site`: the file and line that asks for it. */
export type Statement = Readonly<{ sql: string; site: string }>;
type Prepares = Pick<DatabaseSync, 'prepare'>;

/** The file that has the statement, or the table that a repository asks for. */
export function ownerOf({ sql, site }: Statement): string {
  const [path = ''] = site.split(':');
  const [, table = ''] = /\b(?:FROM|INTO|UPDATE) (\w+)/.exec(sql) ?? [];
  return dirname(path) === 'table' ? table : basename(path);
}

export type Folder = Readonly<{
  /** Within the source. */
  path: string;
  /** Files that prepare what others ask for, or make a file of the database or look at it as a whole. */
  apart: readonly string[];
  /** A line that asks for a statement. */
  asks: RegExp;
}>;

/** Hears of the statements that a folder of the source prepares, with the line that asks for them. */
export class Statements {
  readonly #folder: Folder;
  readonly #source: string;
  readonly #seen = new Map<string, Statement>();

  /** From now on, and for as long as the test file runs. */
  constructor(folder: Folder) {
    this.#folder = folder;
    this.#source = join(import.meta.dirname, '../../../../src', folder.path);
    const { prepare } = DatabaseSync.prototype;
    const hear = (sql: string) => this.hear(sql);
    vi.spyOn(DatabaseSync.prototype, 'prepare').mockImplementation(function (this: DatabaseSync, sql) {
      hear(sql);
      return prepare.call(this, sql);
    });
  }

  /** Somebody on the stack asks for it. */
  hear(sql: string): void {
    const site = this.#siteIn(new Error().stack ?? '');
    if (site !== undefined) this.add({ sql, site });
  }

  add(statement: Statement): void {
    this.#seen.set(`${statement.site} ${statement.sql}`, statement);
  }

  get all(): readonly Statement[] {
    return [...this.#seen.values()];
  }

  /** Lines that ask for a statement and were never heard. */
  unreached(): readonly string[] {
    const reached = new Set(this.all.map(({ site }) => site));
    return readdirSync(this.#source, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !this.#folder.apart.includes(basename(file)))
      .flatMap((file) => {
        const lines = readFileSync(join(this.#source, file), 'utf8').split('\n');
        const asking = lines.flatMap((line, index) =>
          this.#folder.asks.test(line) ? [`${file}:${index + 1}`] : [],
        );
        return asking.filter((site) => !reached.has(site));
      });
  }

  #siteIn(stack: string): string | undefined {
    const sites = [...stack.matchAll(/([^\s(]+\.ts):(\d+)/g)].map(([, path = '', line]) => ({
      path: this.#pathOf(path),
      line,
    }));
    const { apart } = this.#folder;
    const site = sites.find(({ path }) => !path.startsWith('..') && !apart.includes(basename(path)));
    return site === undefined ? undefined : `${site.path}:${site.line}`;
  }

  /** In the folder; a path that begins with `..` is of no file of it. */
  #pathOf(module: string): string {
    return relative(this.#source, module.startsWith('file:') ? fileURLToPath(module) : module);
  }
}

/**
 * @param small tables that do not grow with the questions and the documents, as the statements name them.
 * @returns what of a plan (https://sqlite.org/eqp.html) may cost more as tables grow: all of a table that grows, all
 * of a lane, of a run or of another wide range, and what is sorted.
 */
export function costlySteps(db: Prepares, sql: string, small: readonly string[]): readonly string[] {
  const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
  return steps.map(({ detail }) => String(detail)).filter((step) => isCostly(step, small));
}

const WIDE_EQUAL =
  /^SEARCH .*\((lane|run|shadow|scope|state|status|stage|source|space)=\?( AND \w+[<>]\?)*\)$/;
const WIDE_RANGE = /^SEARCH .*\((id|rowid|scope)>\? AND (id|rowid|scope)<\?\)$/;
/** The words of a search, once for each row of a list (https://sqlite.org/src/file/ext/fts5/fts5_main.c, `fts5BestIndexMethod`). */
const WORDS_AGAIN = /VIRTUAL TABLE INDEX \d+:=M/;

function isCostly(step: string, small: readonly string[]): boolean {
  const [, how, table = ''] = /^(SCAN|SEARCH) (\w+)/.exec(step) ?? [];
  if (small.includes(table)) return false;
  if (step.includes('VIRTUAL TABLE')) return WORDS_AGAIN.test(step);
  if (how === 'SCAN') return true;
  return step.startsWith('USE TEMP B-TREE') || WIDE_EQUAL.test(step) || WIDE_RANGE.test(step);
}
