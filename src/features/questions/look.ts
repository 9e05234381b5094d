import type { BadEntry, InputOptions, QuestionEntry } from '../../infra/input/input-entry.ts';
import { type Mapping, RowMapper } from '../../infra/input/mapping/row-mapper.ts';
import { openRows } from '../../infra/input/open-rows.ts';
import { nameOf } from '../../infra/input/read-inputs.ts';

const MOST_ROWS = 1_000;
const SHOWN_QUESTIONS = 3;

/** Bad entries that are bad in the same way. */
export type BadKind = Readonly<{ count: number; first: BadEntry }>;

/** What an input is, by its first rows. */
export type Looked = Readonly<{
  name: string;
  /** How it is written. */
  format: string;
  /** What its rows were found to be. */
  mapping: Mapping | undefined;
  /** The first of its questions, as they would be asked. */
  shown: readonly QuestionEntry[];
  questions: number;
  /** Questions that brought an answer. */
  answers: number;
  bad: readonly BadKind[];
  /** Names of the user's own fields. */
  kept: readonly string[];
  /** There are more rows than were looked at. */
  goesOn: boolean;
}>;

/** Reads the first 1,000 rows of an input, and opens nothing else. Throws what `readQuestions` throws, but for the choice of `from`. */
export async function look(source: string, options: InputOptions): Promise<Looked> {
  const { name, format, rows } = await openRows(source, options);
  const mapper = new RowMapper(name, { ...options, from: options.from ?? 'question' });
  const sums = new Sums();
  let goesOn = false;
  for await (const row of rows) {
    if (sums.rows === MOST_ROWS) {
      goesOn = true;
      break;
    }
    for (const entry of mapper.push(row)) sums.add(entry);
  }
  if (!goesOn) for (const entry of mapper.end()) sums.add(entry);
  const { shown, questions, answers } = sums;
  const bad = [...sums.bad.values()].sort((one, other) => other.count - one.count);
  return {
    ...{ name: nameOf(source), format, mapping: mapper.mapping, shown, questions, answers, bad, goesOn },
    kept: [...sums.kept],
  };
}

class Sums {
  rows = 0;
  questions = 0;
  answers = 0;
  readonly shown: QuestionEntry[] = [];
  readonly bad = new Map<string, BadKind>();
  readonly kept = new Set<string>();

  add(entry: QuestionEntry | BadEntry): void {
    this.rows += 1;
    if (entry.kind === 'bad') this.#addBad(entry);
    else {
      this.questions += 1;
      if (entry.brought !== undefined) this.answers += 1;
      for (const name of Object.keys(entry.metadata ?? {})) this.kept.add(name);
      if (this.shown.length < SHOWN_QUESTIONS) this.shown.push(entry);
    }
  }

  /** Alike are reasons that differ in their numbers and quotes alone. */
  #addBad(entry: BadEntry): void {
    const kind = entry.reason.replace(/"(?:[^"\\]|\\.)*"/g, '"').replace(/\d[\d,]*/g, '0');
    const known = this.bad.get(kind);
    this.bad.set(kind, { count: (known?.count ?? 0) + 1, first: known?.first ?? entry });
  }
}
