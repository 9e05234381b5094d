import { Failure } from '../../../streams/failure.ts';
import { listed } from '../listed.ts';
import { type JsonMark, JsonNesting } from './json-nesting.ts';

const SPACE = 0x20;
const OPEN_ARRAY = 0x5b;
const MAX_KEY_BYTES = 200;
const MAX_FIELDS = 20;
/** What the array of an object is called. */
export const LIST_NAMES: readonly string[] = ['questions', 'data', 'examples', 'items', 'records'];
const EXPECTED = 'expected an array of questions, or an object with such an array as "questions"';

/** What a byte is to the array of questions: a part of an entry, a comma between two, its end, or nothing to it. */
export type JsonRole = 'entry' | 'comma' | 'close' | 'outside';

/**
 * Finds the array of questions in a JSON document: the top array, or the one under `questions` of the top object.
 * A document with neither is a fatal Failure (`input_json`), as soon as that is certain.
 */
export class JsonDocument {
  readonly #name: string;
  readonly #nesting = new JsonNesting();
  readonly #fields = new Set<string>();
  /** `fields` are those of the top object; `entries` lead back to them, or to `after`. */
  #place: 'before' | 'fields' | 'entries' | 'after' = 'before';
  /** The depth of the array of questions. */
  #level = 0;
  #key = '';
  #keyBytes: number[] = [];
  #sawQuestions = false;
  #goesOn = false;

  /** `name` stands for the document in messages. */
  constructor(name: string) {
    this.#name = name;
  }

  see(byte: number): JsonRole {
    const mark = this.#nesting.see(byte);
    if (this.#place === 'entries') return this.#seeInEntries(mark);
    if (this.#place === 'fields') this.#seeInFields(mark, byte);
    else if (this.#place === 'after') this.#goesOn ||= byte > SPACE;
    else if (byte > SPACE) this.#seeFirst(mark, byte);
    return 'outside';
  }

  /** What is wrong when the input ends here; `undefined` if nothing is, or if there was nothing at all. */
  end(): string | undefined {
    if (this.#place === 'fields' && !this.#sawQuestions) throw this.#noQuestions();
    if (this.#goesOn) return 'expected nothing after the end of the JSON, came more text, which was not read';
    return this.#nesting.depth > 0
      ? 'the JSON ends too early: expected its closing bracket, came the end of the input'
      : undefined;
  }

  #seeFirst(mark: JsonMark, byte: number): void {
    if (mark !== 'open') {
      throw new Failure('fatal', 'input_json', `${this.#name} is not JSON: ${EXPECTED}`);
    }
    if (byte === OPEN_ARRAY) this.#startEntries();
    else this.#place = 'fields';
  }

  #startEntries(): void {
    this.#place = 'entries';
    this.#level = this.#nesting.depth;
    this.#sawQuestions = true;
  }

  #seeInEntries(mark: JsonMark): JsonRole {
    const depth = this.#nesting.depth;
    if (mark === 'comma' && depth === this.#level) return 'comma';
    if (mark !== 'close' || depth >= this.#level) return 'entry';
    this.#place = depth === 0 ? 'after' : 'fields';
    return 'close';
  }

  #seeInFields(mark: JsonMark, byte: number): void {
    const depth = this.#nesting.depth;
    if (depth === 0) {
      if (!this.#sawQuestions) throw this.#noQuestions();
      this.#place = 'after';
    } else if (mark === 'open' && depth === 2 && byte === OPEN_ARRAY && this.#isList()) {
      this.#startEntries();
    } else if (depth === 1) this.#seeKey(mark, byte);
  }

  /** Of several such arrays the first counts. */
  #isList(): boolean {
    return !this.#sawQuestions && LIST_NAMES.includes(this.#key);
  }

  #seeKey(mark: JsonMark, byte: number): void {
    if (mark === 'comma') {
      this.#key = '';
      this.#keyBytes = [];
    } else if (mark === 'colon') {
      this.#key = Buffer.from(this.#keyBytes).toString().trim().slice(1, -1);
      if (this.#fields.size < MAX_FIELDS) this.#fields.add(this.#key);
    } else if (this.#key === '' && this.#keyBytes.length < MAX_KEY_BYTES) this.#keyBytes.push(byte);
  }

  #noQuestions(): Failure {
    const came = `${this.#name} holds an object with ${listed('field', [...this.#fields])}`;
    const hint = this.#fields.has('question') ? ' (one JSON object a line belongs in a .jsonl file)' : '';
    return new Failure('fatal', 'input_json', `${came}: ${EXPECTED}${hint}`);
  }
}
