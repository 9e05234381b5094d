import type { z } from 'zod';
import type { Question } from '../question.ts';

/** The shapes that trainers read; `record` (everything known of an example) is made without a training type. */
export type TrainerFormat = 'openai' | 'alpaca' | 'sharegpt' | 'trl' | 'dpo';

/** One line of an exported file. */
export type Line = Readonly<Record<string, unknown>>;

export type Exporter<Candidate> = (candidate: Candidate, question: Question) => Line;

/**
 * A kind of training example. One file each: what the generation agent has to write, how the reviewer reads it, and how
 * it is exported. A format that is missing from `exporters` cannot hold this kind of example.
 */
export type TrainingType<Candidate> = Readonly<{
  name: string;
  /** One line for `--help`. */
  description: string;
  /** What the model must answer: an object at the root, as every server's structured output demands. */
  candidate: z.ZodType<Candidate>;
  /** The part of the generation prompt that says what to write. */
  instructions: string;
  /** The candidate as the reviewer reads it. */
  present(candidate: Candidate): string;
  exporters: Readonly<Partial<Record<TrainerFormat, Exporter<Candidate>>>>;
}>;
