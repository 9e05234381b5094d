import { z } from 'zod';
import { questionIdOf, questionSchema } from '../../../src/stages/question.ts';
import type { RecordFact, RunFacts, TopicFact } from './facts.ts';

const messageSchema = z.looseObject({
  lane: z.string().default('main'),
  revision: z.number().default(0),
  drive: z.number().default(0),
  override: z.unknown().optional(),
  question: questionSchema,
});

/** A record of a stage's topic and the work it is about; `undefined` where it is no message. */
export type Message = Readonly<{
  record: RecordFact;
  place: string;
  about: Readonly<{ lane: string; questionId: string; revision: number; body: string }> | undefined;
}>;

/** The facts with what all checks look up. */
export class World {
  readonly facts: RunFacts;
  readonly #states: ReadonlyMap<string, string>;
  readonly #known: ReadonlySet<string>;
  readonly #ended: ReadonlySet<string>;
  readonly #deadLetters: ReadonlySet<string>;
  readonly #decisions: ReadonlySet<string>;

  constructor(facts: RunFacts) {
    this.facts = facts;
    this.#states = new Map(
      facts.works.map(({ lane, questionId, stage, revision, state }) => [
        `${lane}/${questionId}/${stage}/${revision}`,
        state,
      ]),
    );
    this.#known = new Set(facts.questions.map(({ lane, questionId }) => `${lane}/${questionId}`));
    this.#ended = new Set(facts.ends.map(({ lane, questionId }) => `${lane}/${questionId}`));
    this.#deadLetters = new Set(facts.deadLetters.map(({ id }) => id));
    this.#decisions = new Set(
      facts.decisions.map(({ lane, questionId, revision }) => `${lane}/${questionId}/${revision}`),
    );
  }

  topic(name: string): TopicFact {
    const found = this.facts.topics.get(name);
    if (found === undefined) throw new Error(`no topic ${name} among the facts`);
    return found;
  }

  messages(name: string): Message[] {
    const { topic, records } = this.topic(name);
    return records.map((record) => ({
      record,
      place: `${topic}:${record.partition}:${record.offset}`,
      about: aboutOf(record),
    }));
  }

  stateOf(lane: string, questionId: string, stage: string, revision: number): string | undefined {
    return this.#states.get(`${lane}/${questionId}/${stage}/${revision}`);
  }

  knows(lane: string, questionId: string): boolean {
    return this.#known.has(`${lane}/${questionId}`);
  }

  hasEnd(lane: string, questionId: string): boolean {
    return this.#ended.has(`${lane}/${questionId}`);
  }

  /** Whether a person decided about the revision. */
  isDecided(lane: string, questionId: string, revision: number): boolean {
    return this.#decisions.has(`${lane}/${questionId}/${revision}`);
  }

  hasDeadLetter(id: string): boolean {
    return this.#deadLetters.has(id);
  }
}

function aboutOf({ value }: RecordFact): Message['about'] {
  try {
    // A result that was found stored tells of more attempts than the one that was just made, and a redrive may change how a
    // work is made: the rest is the same.
    const {
      drive: _,
      submission: __,
      provenance: ___,
      override: ____,
      ...message
    } = messageSchema.parse(JSON.parse(value ?? ''));
    const { lane, revision, question } = message;
    return { lane, questionId: questionIdOf(question), revision, body: JSON.stringify(message) };
  } catch {
    return undefined;
  }
}
