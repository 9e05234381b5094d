import { jsonOr, LongNumber } from '../../../stages/text/parse-exact.ts';
import { Failure } from '../../../streams/failure.ts';
import { badEntry } from '../entry-text.ts';
import type { InputRow, RowEntry } from '../formats/row.ts';
import type { InputEntry, InputOptions } from '../input-entry.ts';
import { listed } from '../listed.ts';
import { columnPaths } from './column-paths.ts';
import { type EntryCheck, entryCheck } from './entry-check.ts';
import { kindOf } from './entry-schema.ts';
import { applied, type FieldMap, fieldMapOf, mappingText, unseenTargets } from './field-map.ts';
import { loosened, nameIn } from './field-names.ts';
import { type Answer, asFields, type Meant, type ReadAs, type RowFields } from './meant.ts';
import type { RowMessage } from './message.ts';
import { assertRow, type Recognised, recognise, unrecognised, unrecognisedInput } from './recognise.ts';
import { answerOfValue, ownQuestion } from './shapes/own-question.ts';
import { withGiven } from './with-given.ts';

/** So many rows, or so many characters of them, are looked at before an input is said to be of no known form. */
const MOST_ROWS = 100;
const MOST_CHARACTERS = 16 * 1_024 * 1_024;

/** What an input was found to be. */
export type Mapping = Recognised & Readonly<{ map: FieldMap }>;

export type MapperOptions = InputOptions &
  Readonly<{
    /** Rows that come bit by bit are told at once: one that is of no known form is a bad entry. */
    atOnce?: boolean;
  }>;

/**
 * Turns the rows of one input into questions: by the form of the first row that has a known one, and by `map`. Rows before it
 * are held, at most a hundred. Throws fatal Failures: `input_unrecognised` where no row has a known form, `input_choice` where
 * rows bring answers and nobody has said what for, `bad_map`.
 */
export class RowMapper {
  readonly #name: string;
  readonly #options: MapperOptions;
  readonly #how: ReadAs;
  readonly #check: EntryCheck;
  readonly #map: FieldMap;
  #held: RowEntry[] = [];
  #heldCharacters = 0;
  #mapping: Mapping | undefined;

  /** @param name stands for the input in messages. */
  constructor(name: string, options: MapperOptions) {
    this.#name = name;
    this.#options = options;
    this.#how = { from: options.from, as: options.as };
    this.#check = entryCheck(options);
    this.#map = fieldMapOf(options.map ?? {});
  }

  /** `undefined` until a row has told it. */
  get mapping(): Mapping | undefined {
    return this.#mapping;
  }

  /** What can be told once this row is known, in the order of the rows. */
  *push(row: RowEntry): Generator<InputEntry> {
    if (this.#mapping !== undefined) {
      yield this.#mapped(row, this.#mapping);
      return;
    }
    this.#held.push(row);
    this.#heldCharacters += row.kind === 'row' ? row.entry.text.length : row.text.length;
    const isFull = this.#held.length >= MOST_ROWS || this.#heldCharacters > MOST_CHARACTERS;
    if (this.#options.atOnce === true) yield* this.#atOnce();
    else if (this.#isTold() || isFull) yield* this.#decide();
  }

  /** What is left to tell when the rows have ended. */
  *end(): Generator<InputEntry> {
    if (this.#mapping === undefined) yield* this.#decide();
  }

  /** Whether more rows would change nothing. */
  #isTold(): boolean {
    const rows = fieldsOf(this.#held);
    const found = this.#recognised(rows);
    if (found === undefined) return this.#held.some(isText);
    if (unseenTargets(this.#map, rows).length > 0) return false;
    return this.#how.from !== undefined || (found.shape.own && this.#map.length === 0);
  }

  *#atOnce(): Generator<InputEntry> {
    const recognised = this.#recognised(fieldsOf(this.#held));
    if (recognised !== undefined || this.#held.some(isText)) yield* this.#decide();
    else yield* this.#told({ ...OWN, map: this.#map });
  }

  *#decide(): Generator<InputEntry> {
    const rows = fieldsOf(this.#held);
    const found = this.#recognised(rows);
    if (rows[0] !== undefined) assertRow(this.#name, rows[0]);
    if (found === undefined && rows[0] !== undefined && !this.#held.some(isText)) {
      throw unrecognised(this.#name, rows[0]);
    }
    const mapping = { ...(found ?? OWN), map: this.#map };
    this.#assertColumns(rows);
    this.#assertChosen(rows, mapping);
    this.#mapping = mapping;
    yield* this.#told(mapping);
  }

  *#told(mapping: Mapping): Generator<InputEntry> {
    const held = this.#held;
    this.#held = [];
    for (const row of held) yield this.#mapped(row, mapping);
  }

  #recognised(rows: readonly RowFields[]): Recognised | undefined {
    for (const row of rows) {
      const found = recognise(row);
      if (found !== undefined) return found;
    }
    return this.#map.some(({ target }) => target === 'question') && rows.length > 0 ? OWN : undefined;
  }

  #assertColumns(rows: readonly RowFields[]): void {
    const [unseen] = rows.length === 0 ? [] : unseenTargets(this.#map, rows);
    if (unseen === undefined) return;
    const source = `${unseen.target}=${mappingText(unseen)}`;
    throw unrecognisedInput(
      `${this.#name}: no such column (--map ${source}); came ${listed('column', columnPaths(rows[0] ?? {}))}`,
    );
  }

  /** To pay for what somebody has already is somebody's choice. */
  #assertChosen(rows: readonly RowFields[], mapping: Mapping): void {
    const mapsAnswers = this.#map.some(({ target }) => target === 'answer' || target === 'chosen');
    if (this.#how.from !== undefined || (mapping.shape.own && !mapsAnswers)) return;
    const answers = rows.some((row) => {
      const meant = this.#meant(row, mapping);
      return typeof meant !== 'string' && (meant.answer ?? meant.chosen) !== undefined;
    });
    if (!answers) return;
    const choices =
      '--from answer (or pair) judges and mends them, --from question writes new ones and keeps these beside their questions';
    throw new Failure('fatal', 'input_choice', `${this.#name} has answers: ${choices}.`);
  }

  #meant(row: RowFields, { shape, loose, map }: Mapping): Meant | string {
    const read = shape.read(loose ? loosened(row) : row, this.#how);
    return typeof read === 'string' ? read : applied(map, row, read);
  }

  #mapped(row: RowEntry, mapping: Mapping): InputEntry {
    if (row.kind === 'bad') return row;
    const { entry, value } = row;
    if (isText(row) && mapping.shape === ownQuestion)
      return this.#check(entry, { question: value, others: {} });
    const fields = value instanceof LongNumber ? undefined : asFields(value);
    if (fields === undefined) return badEntry(entry, notARow(value, mapping));
    const meant = this.#meant(fields, mapping);
    if (typeof meant === 'string') return badEntry(entry, meant);
    if (
      meant.question === undefined &&
      !Object.hasOwn(fields, 'question') &&
      mapping.shape === ownQuestion &&
      mapping.map.length === 0
    )
      return badEntry(entry, `expected the field "question", came ${listed('field', Object.keys(fields))}`);
    const { reference, from } = this.#options;
    const whole = reference === 'answer' && from === 'question' ? withReference(meant) : meant;
    return withGiven(entry, this.#check(entry, withTexts(whole, this.#how)), this.#options);
  }
}

const OWN: Recognised = { shape: ownQuestion, loose: false };

function notARow(value: unknown, { shape }: Mapping): string {
  const nameless = Array.isArray(value) ? ' (a list names no columns: write each row as an object)' : '';
  const came = `came ${kindOf(value)}${nameless}`;
  if (shape === ownQuestion) return `expected a question or an object with the field "question", ${came}`;
  return `expected an object as in ${shape.name}, ${came}`;
}

/** The answer as the reference, unless the row names one, or it is no text. Of a pair it is the chosen one. */
function withReference(meant: Meant): Meant {
  const { answer, ...rest } = meant;
  const known = answer ?? meant.chosen ?? answerOfValue(meant.others[nameIn(meant.others, 'answer') ?? '']);
  const reference = known === undefined ? undefined : textOf(known);
  return reference === undefined || meant.reference !== undefined ? meant : { ...rest, reference };
}

function textOf(answer: Answer): string | undefined {
  if (typeof answer === 'string') return answer;
  if (!('candidate' in answer)) return lastAnswer(answer);
  const text = asFields(answer.candidate)?.['answer'];
  return typeof text === 'string' ? text : undefined;
}

/** What the assistant says last, unless the user has said more before it: that answers another question. */
function lastAnswer(messages: readonly RowMessage[]): string | undefined {
  const last = messages.at(-1);
  return last?.role === 'assistant' && messages.every(({ role }) => role !== 'user')
    ? last.content
    : undefined;
}

/** What tables and other tools write as the text of JSON, and `--as` where the row names no type. */
function withTexts(meant: Meant, { as }: ReadAs): Meant {
  const { metadata, training_type } = meant;
  return {
    ...meant,
    ...(typeof metadata === 'string' ? { metadata: jsonOr(metadata) } : {}),
    ...(as === undefined ? {} : { training_type: training_type ?? as }),
  };
}

function isText(row: RowEntry): row is InputRow {
  return row.kind === 'row' && typeof row.value === 'string';
}

function fieldsOf(rows: readonly RowEntry[]): readonly RowFields[] {
  return rows.flatMap((row) => {
    if (row.kind === 'bad' || row.value instanceof LongNumber) return [];
    const fields = asFields(row.value);
    return fields === undefined ? [] : [fields];
  });
}
