import { asHttpProblem, HttpProblem } from '../../../infra/http/problem.ts';
import type { InputEntry, QuestionEntry } from '../../../infra/input/input-entry.ts';
import { questionIdOf } from '../../../stages/question.ts';
import type { NamedFields } from '../../../stages/question-parts/named-fields.ts';
import type { QuestionId } from '../../../streams/work/work.ts';
import { withFields } from '../with-fields.ts';
import type { QuestionIntake } from './http-intake.ts';
import type { Accepted, EntryResult } from './schemas.ts';

const BATCH = 500;
const REASON_CHARACTERS = 300;

/** One request that brings questions: what came of each entry, and which are not acknowledged yet. */
export class Upload {
  readonly run: string;
  readonly #intake: QuestionIntake;
  readonly #maxEntries: number;
  readonly #fields: NamedFields;
  readonly #known = new Set<QuestionId>();
  readonly #results: EntryResult[] = [];
  /** Entries before it were published, or need not be. */
  #settled = 0;
  #waiting: QuestionEntry[] = [];
  #published = 0;

  /** @param fields the names of the askers' own values that prompts use. */
  constructor(intake: QuestionIntake, maxEntries: number, fields: NamedFields) {
    this.#fields = fields;
    this.run = intake.newRun();
    this.#intake = intake;
    this.#maxEntries = maxEntries;
  }

  /** Throws a 413 past the limit of a request. */
  take(entry: InputEntry): void {
    if (this.#results.length === this.#maxEntries)
      throw new HttpProblem(
        413,
        'too_many_entries',
        `Expected at most ${this.#maxEntries} questions, came more.`,
      );
    this.#results.push(this.#resultOf(entry));
  }

  /** Publishes what was taken, and resolves once it is acknowledged. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, BATCH);
      await this.#intake.publish(batch, { run: this.run, position: this.#published });
      this.#published += batch.length;
      this.#waiting = this.#waiting.slice(BATCH);
    }
    this.#settled = this.#results.length;
  }

  /** What came of it all. Throws a 400 where no question was among it. */
  reply(): Accepted {
    const reply = { run: this.run, ...this.#counts(), results: this.#results };
    if (this.#results.length === 0)
      throw new HttpProblem(400, 'no_questions', 'Expected at least one question in the body, came none.');
    if (reply.accepted === 0)
      throw new HttpProblem(
        400,
        'no_question_accepted',
        'Nothing in the body is a question: see `results`.',
        {
          members: reply,
        },
      );
    return reply;
  }

  /** The error with how far the request had come: sending all of it again costs nothing. */
  interrupted(error: unknown): HttpProblem {
    const { status, code, message, facts } = asHttpProblem(error);
    const settledLine = this.#results[this.#settled - 1]?.line ?? 0;
    const members = { ...facts.members, run: this.run, acknowledged: this.#published, settledLine };
    return new HttpProblem(status, code, message, { ...facts, members });
  }

  #resultOf(entry: InputEntry): EntryResult {
    const { line } = entry;
    if (entry.kind === 'bad')
      return { line, status: 'rejected', reason: entry.reason.slice(0, REASON_CHARACTERS) };
    const asked = withFields(entry, this.#fields);
    const id = questionIdOf(asked.question);
    if (this.#known.has(id)) return { line, status: 'duplicate', id };
    this.#known.add(id);
    this.#waiting.push(asked);
    return { line, status: 'accepted', id };
  }

  #counts() {
    const counts = { accepted: 0, duplicate: 0, rejected: 0 };
    for (const { status } of this.#results) counts[status] += 1;
    const { accepted, duplicate: duplicates, rejected } = counts;
    return { accepted, duplicates, rejected };
  }
}
