import { z } from 'zod';
import { Failure } from '../../streams/failure.ts';
import type { Pair, Turn } from '../formats/turn.ts';
import { faultInCandidate } from './sayable.ts';

/** A text of a candidate: never blank, and without white space around it. */
export const prose = z.string().trim().min(1, 'the text is empty');

/**
 * A kind of training example. One file each: what the generation agent has to write, how the reviewer reads it, and
 * what the formats make of it.
 */
export type TrainingType<Candidate> = Readonly<{
  name: string;
  /** One line for `--help`. */
  description: string;
  /**
   * What the model must answer: an object at the root, as every server's structured output demands. It holds only what
   * the model has to write; roles and their order are made by the exporters. No records, tuples or optional fields.
   */
  candidate: z.ZodType<Candidate>;
  /** The part of the generation prompt that says what to write. */
  instructions: string;
  /** The candidate as the reviewer reads it. */
  present(candidate: Candidate): string;
  /** What is said: the answers to imitate. Pure; what a format makes of it is checked against the trainer's rule. */
  turns(candidate: Candidate): readonly Turn[];
  /** The two answers, where the example is a preference pair. */
  pair?: (candidate: Candidate) => Pair;
}>;

/** A candidate that has been found to fit its training type. */
export type ParsedCandidate = Readonly<{
  /** As it is stored: white space around its texts is gone. */
  value: unknown;
  /** As the reviewer reads it. */
  present(): string;
  turns(): readonly Turn[];
  /** `undefined` if it is no preference pair. */
  pair(): Pair | undefined;
}>;

/** A training type to those who do not know its candidate. */
export type AnyTrainingType = Readonly<{
  name: string;
  description: string;
  /** For the JSON schema of the model's answer: `z.toJSONSchema(candidate, { target: 'draft-7', io: 'output' })`. */
  candidate: z.ZodType<unknown>;
  instructions: string;
  /** Throws a Failure `schema_mismatch` of kind `content` that says what is wrong and where. */
  parse(value: unknown): ParsedCandidate;
}>;

/** Closes over the candidate's own type, so that training types of different candidates fit into one list. */
export function defineTrainingType<Candidate>(type: TrainingType<Candidate>): AnyTrainingType {
  const { name, description, candidate, instructions } = type;
  return {
    name,
    description,
    candidate,
    instructions,
    parse(value) {
      const parsed = candidate.safeParse(value);
      if (!parsed.success) throw mismatch(name, parsed.error);
      return {
        value: parsed.data,
        present: () => type.present(parsed.data),
        turns: () => type.turns(parsed.data),
        pair: () => type.pair?.(parsed.data),
      };
    },
  };
}

const shape = z.object({
  description: z.string().trim().min(1, 'expected one line that says what it is'),
  instructions: z.string().trim().min(1, 'expected a text that says what to write'),
  parse: z.custom((value) => typeof value === 'function', 'expected what defineTrainingType returns'),
});

/** Why this is no training type, as the end of "training type cards: …"; `undefined` where it is one. */
export function faultInType(type: unknown): string | undefined {
  const parsed = shape.safeParse(type);
  const [issue] = parsed.error?.issues ?? [];
  if (issue !== undefined) return `${issue.path.join('.')}: ${issue.message}`;
  const fault = faultInCandidate(Object(type).candidate);
  return fault === undefined ? undefined : `its schema ${fault}`;
}

function mismatch(name: string, error: z.ZodError): Failure {
  const message = `The answer is no ${name} example:\n${z.prettifyError(error)}`;
  return new Failure('content', 'schema_mismatch', message, { cause: error });
}
