import type { z } from 'zod';
import type { Research, Review } from '../example.ts';
import type { Question } from '../question.ts';

/** What a plugin's stage sees of a question. Results of later stages do not exist yet. */
export type StageMessage = Readonly<{
  lane: string;
  /** How often the question has been sent back to generation. */
  revision: number;
  question: Question;
  /** After `research`. */
  research?: Research | undefined;
  /** After `generation`, as its training type defines it. */
  candidate?: unknown;
  /** After `review`. */
  review?: Review | undefined;
  /** What earlier stages of plugins have added, each under its own name. */
  added: Readonly<Record<string, unknown>>;
}>;

/** What a plugin's stage decides about a question. */
export type StageDecision =
  | Readonly<{ kind: 'emit'; addition: unknown }>
  | Readonly<{ kind: 'revise' | 'reject' | 'fail'; reason: string }>;

/** Makes decisions: a stage returns the result of one of these functions. */
export type Next = Readonly<{
  /** The question goes on. The addition is kept in its messages and its example, under the name of the stage. */
  emit(addition?: unknown): StageDecision;
  /** The candidate goes back to `generation` with the reason, or is rejected if no revision is left. Only after `generation`. */
  revise(reason: string): StageDecision;
  /** The question ends as rejected. */
  reject(reason: string): StageDecision;
  /** The record becomes a dead letter, which can be sent again. */
  fail(reason: string): StageDecision;
}>;

type Common<Result> = Readonly<{
  /** The name of its topic, of its works and of what it adds to a message. */
  name: string;
  /** The stage that comes before it: `questions`, `research`, `generation`, `review`, or a stage of a plugin. */
  after: string;
  /** The status of a question that has passed the stage, such as `checked`. */
  status: string;
  /** The schema of a result. */
  result: z.ZodType<Result>;
  /** Decides what follows from a result. Pure: the same result always gives the same decision. */
  decide(message: StageMessage, result: Result, next: Next): StageDecision;
}>;

/** A prompt of two parts. A single text is the user message. */
export type StagePrompt = string | Readonly<{ system: string; user: string }>;

/** A stage of a plugin: one that asks a model for its result, or one that computes it. */
export type StageDefinition<Result> = Common<Result> &
  (
    | Readonly<{
        asksModel: true;
        /** A template with `{{question}}`, `{{research}}`, `{{candidate}}` and the other names of our prompts. */
        prompt: StagePrompt;
      }>
    | Readonly<{
        asksModel: false;
        /** Must be safe to repeat. May reject with a Failure, or with any other error, which is treated as temporary. */
        work(message: StageMessage, signal: AbortSignal): Result | Promise<Result>;
      }>
  );

/** A stage whose result type is unknown. */
export type AddedStage = StageDefinition<unknown>;

/** Defines a stage for `stages` of a plugin. Hides the type of its result, so that different stages fit into one list. */
export function defineStage<Result>(stage: StageDefinition<Result>): AddedStage {
  return stage;
}
