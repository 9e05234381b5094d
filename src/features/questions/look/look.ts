import { isDeepStrictEqual } from 'node:util';
import type { BadEntry, InputOptions, QuestionEntry } from '../../../infra/input/input-entry.ts';
import { type Mapping, RowMapper } from '../../../infra/input/mapping/row-mapper.ts';
import { openRows } from '../../../infra/input/open-rows.ts';
import { nameOf } from '../../../infra/input/read-inputs.ts';
import { loadCallChecks } from '../../../stages/training-types/called-tools.ts';
import { languageOf } from '../language-of.ts';
import { type Choice, Choices } from './look-choices.ts';

const MOST_ROWS = 1_000;
const SHOWN_QUESTIONS = 3;

/** Bad entries that are bad in the same way. */
export type BadKind = Readonly<{ count: number; first: BadEntry }>;

/** What an input is, by its first rows. */
export type Looked = Readonly<{
  name: string;
  format: string;
  /** What its rows were found to be. */
  mapping: Mapping | undefined;
  /** The first of its questions, as they would be asked. */
  shown: readonly QuestionEntry[];
  questions: number;
  /** Questions that brought an answer, or two. */
  answers: number;
  pairs: number;
  /** How most of the answers are judged. `undefined` where none can be, or it was said what they are for. */
  choice: Choice | undefined;
  /** What of a question, by the names of `--map`, any of them has that no flag gave it. */
  parts: ReadonlySet<string>;
  /** How many questions seem to be in which language; under `undefined` those that none is told of. */
  languages: ReadonlyMap<string | undefined, number>;
  bad: readonly BadKind[];
  /** Names of the user's own fields. */
  kept: readonly string[];
  /** Names of fields of passages that are not kept. */
  unkept: readonly string[];
  goesOn: boolean;
}>;

/** Reads the first 1,000 rows of an input, and opens nothing else. Throws what `readQuestions` throws, except about the choice of `from`. */
export async function look(source: string, options: InputOptions): Promise<Looked> {
  await loadCallChecks();
  const { name, format, rows } = await openRows(source, options);
  const mapper = new RowMapper(name, { ...options, from: options.from ?? 'question' });
  const sums = new Sums(options.defaults);
  const choices = options.from === undefined ? new Choices(name, options) : undefined;
  let goesOn = false;
  for await (const row of rows) {
    if (sums.rows === MOST_ROWS) {
      goesOn = true;
      break;
    }
    for (const entry of mapper.push(row)) sums.add(entry);
    choices?.push(row);
  }
  if (!goesOn) {
    for (const entry of mapper.end()) sums.add(entry);
    choices?.end();
  }
  const { shown, questions, answers, pairs, parts, languages } = sums;
  const bad = [...sums.bad.values()].sort((one, other) => other.count - one.count);
  return {
    ...{ name: nameOf(source), format, mapping: mapper.mapping, shown, questions, answers, pairs },
    ...{ choice: choices?.best, bad, goesOn, parts, languages },
    kept: [...sums.kept],
    unkept: [...sums.unkept],
  };
}

const LABELS = { topic: 'topic', sub_topic: 'subTopic', training_type: 'trainingType' } as const;
const PARTS = ['system', 'tools', 'history', 'passages', 'fields', 'reference'] as const;

/** What the row brought, by the names of `--map`. */
function partsOf(entry: QuestionEntry, defaults: InputOptions['defaults']): readonly string[] {
  const { question, id, metadata } = entry;
  const labels = Object.entries(LABELS).flatMap(([target, label]) =>
    question[label] === defaults[label] ? [] : [target],
  );
  const given = PARTS.filter((part) => question[part] !== undefined && !isDefault(question, part, defaults));
  return [
    ...(question.context === '' ? [] : ['context']),
    ...labels,
    ...given,
    ...(id === undefined ? [] : ['id']),
    ...(metadata === undefined ? [] : ['metadata']),
    ...answersOf(entry),
  ];
}

function isDefault(
  question: QuestionEntry['question'],
  part: (typeof PARTS)[number],
  defaults: InputOptions['defaults'],
): boolean {
  if (part !== 'system' && part !== 'tools') return false;
  return isDeepStrictEqual(question[part], defaults[part]);
}

/** By what its answers are called: those that are kept beside it, and those that are to be judged. */
function answersOf({ question, brought }: QuestionEntry): readonly string[] {
  const isPair = brought?.kind === 'pair' || Object.hasOwn(Object(question.given?.candidate), 'rejected');
  if (isPair) return ['chosen', 'rejected'];
  return brought === undefined && question.given === undefined ? [] : ['answer'];
}

class Sums {
  readonly #defaults: InputOptions['defaults'];
  rows = 0;
  questions = 0;
  answers = 0;
  pairs = 0;
  readonly parts = new Set<string>();
  readonly languages = new Map<string | undefined, number>();
  readonly shown: QuestionEntry[] = [];
  readonly bad = new Map<string, BadKind>();
  readonly kept = new Set<string>();
  readonly unkept = new Set<string>();

  constructor(defaults: InputOptions['defaults']) {
    this.#defaults = defaults;
  }

  add(entry: QuestionEntry | BadEntry): void {
    this.rows += 1;
    if (entry.kind === 'bad') this.#addBad(entry);
    else this.#addQuestion(entry);
  }

  #addQuestion(entry: QuestionEntry): void {
    this.questions += 1;
    const parts = partsOf(entry, this.#defaults);
    for (const name of parts) this.parts.add(name);
    if (parts.includes('rejected')) this.pairs += 1;
    if (parts.includes('answer') || parts.includes('rejected')) this.answers += 1;
    for (const name of Object.keys(entry.metadata ?? {})) this.kept.add(name);
    for (const name of entry.unkept ?? []) this.unkept.add(name);
    const language = languageOf(entry.question.text);
    this.languages.set(language, (this.languages.get(language) ?? 0) + 1);
    if (this.shown.length < SHOWN_QUESTIONS) this.shown.push(entry);
  }

  /** Alike are reasons that differ in their numbers and quotes alone. */
  #addBad(entry: BadEntry): void {
    const kind = entry.reason.replace(/"(?:[^"\\]|\\.)*"/g, '"').replace(/\d[\d,]*/g, '0');
    const known = this.bad.get(kind);
    this.bad.set(kind, { count: (known?.count ?? 0) + 1, first: known?.first ?? entry });
  }
}
