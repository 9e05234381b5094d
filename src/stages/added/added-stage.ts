import type { z } from 'zod';
import type { Research, Review } from '../example.ts';
import type { Question } from '../question.ts';

/** What a stage of a plugin is shown of a question. What comes later in the stream is not there yet. */
export type StageMessage = Readonly<{
  lane: string;
  /** How often the question has been sent back to generation. */
  revision: number;
  question: Question;
  /** From behind `research` on. */
  research?: Research | undefined;
  /** From behind `generation` on, as its training type defines it. */
  candidate?: unknown;
  /** Behind `review`. */
  review?: Review | undefined;
  /** What stages of plugins before it have added, each under its own name. */
  added: Readonly<Record<string, unknown>>;
}>;

/** What a stage of a plugin decides about a question. */
export type StageDecision =
  | Readonly<{ kind: 'emit'; addition: unknown }>
  | Readonly<{ kind: 'revise' | 'reject' | 'fail'; reason: string }>;

/** How a stage says what it decides: it returns what one of these gives. */
export type Next = Readonly<{
  /** The question goes on. What is added stands in its messages and its example, under the name of the stage. */
  emit(addition?: unknown): StageDecision;
  /** The candidate goes back to `generation` with the reason, or is rejected where no revision is left. Behind `generation` only. */
  revise(reason: string): StageDecision;
  /** The question ends as rejected. */
  reject(reason: string): StageDecision;
  /** Its record becomes a dead letter, which can be sent again. */
  fail(reason: string): StageDecision;
}>;

type Common<Result> = Readonly<{
  /** Names its topic and its works, and what it adds to a message. */
  name: string;
  /** The stage behind which it stands: `questions`, `research`, `generation`, `review`, or another one of a plugin. */
  after: string;
  /** Where a question stands once the stage is done with it: `checked`. */
  status: string;
  /** The shape of a result. */
  result: z.ZodType<Result>;
  /** What follows from a result. Pure: the same result always decides the same. */
  decide(message: StageMessage, result: Result, next: Next): StageDecision;
}>;

/** A prompt of two parts; a single text is what the user says. */
export type StagePrompt = string | Readonly<{ system: string; user: string }>;

/** A stage of one's own: one that asks a model for its result, or one that works it out by itself. */
export type StageDefinition<Result> = Common<Result> &
  (
    | Readonly<{
        asksModel: true;
        /** A template: `{{question}}`, `{{research}}`, `{{candidate}}` and what else our prompts may name. */
        prompt: StagePrompt;
      }>
    | Readonly<{
        asksModel: false;
        /** Rejects with a Failure, or with any error, which counts as one that may pass. Safe to repeat. */
        work(message: StageMessage, signal: AbortSignal): Result | Promise<Result>;
      }>
  );

/** A stage to those who do not know its result. */
export type AddedStage = StageDefinition<unknown>;

/** A stage, for `stages` of a plugin. Closes over the shape of its result, so that different ones fit into one list. */
export function defineStage<Result>(stage: StageDefinition<Result>): AddedStage {
  return stage;
}
