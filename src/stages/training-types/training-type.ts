import { z } from 'zod';
import { Failure } from '../../streams/failure.ts';

/** The shapes that trainers read; `record` (everything known of an example) is made without a training type. */
export type TrainerFormat = 'openai' | 'alpaca' | 'sharegpt' | 'trl' | 'dpo';

/** Every trainer format, in the order in which they are shown. */
export const trainerFormats: readonly TrainerFormat[] = ['openai', 'alpaca', 'sharegpt', 'trl', 'dpo'];

/** One line of an exported file. */
export type Line = Readonly<Record<string, unknown>>;

/** Makes the line of one format. Pure; what it makes is checked against the trainer's rule afterwards. */
export type Exporter<Candidate> = (candidate: Candidate) => Line;

/** A text of a candidate: never blank, and without white space around it. */
export const prose = z.string().trim().min(1, 'the text is empty');

/**
 * A kind of training example. One file each: what the generation agent has to write, how the reviewer reads it, and how
 * it is exported. A format that is missing from `exporters` cannot hold this kind of example.
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
  exporters: Readonly<Partial<Record<TrainerFormat, Exporter<Candidate>>>>;
}>;

/** A candidate that has been found to fit its training type. */
export type ParsedCandidate = Readonly<{
  /** As it is stored: white space around its texts is gone. */
  value: unknown;
  /** As the reviewer reads it. */
  present(): string;
  /** `undefined` if the format cannot hold this kind of example. */
  lineFor(format: TrainerFormat): Line | undefined;
}>;

/** A training type to those who do not know its candidate. */
export type AnyTrainingType = Readonly<{
  name: string;
  description: string;
  /** For the JSON schema of the model's answer: `z.toJSONSchema(candidate, { target: 'draft-7', io: 'output' })`. */
  candidate: z.ZodType<unknown>;
  instructions: string;
  /** The formats that can hold it. */
  formats: readonly TrainerFormat[];
  /** Throws a Failure `schema_mismatch` of kind `content` that says what is wrong and where. */
  parse(value: unknown): ParsedCandidate;
}>;

/** Closes over the candidate's own type, so that training types of different candidates fit into one list. */
export function defineTrainingType<Candidate>(type: TrainingType<Candidate>): AnyTrainingType {
  const { name, description, candidate, instructions, exporters } = type;
  return {
    name,
    description,
    candidate,
    instructions,
    formats: trainerFormats.filter((format) => exporters[format] !== undefined),
    parse(value) {
      const parsed = candidate.safeParse(value);
      if (!parsed.success) throw mismatch(name, parsed.error);
      return {
        value: parsed.data,
        present: () => type.present(parsed.data),
        lineFor: (format) => exporters[format]?.(parsed.data),
      };
    },
  };
}

function mismatch(name: string, error: z.ZodError): Failure {
  const message = `The answer is no ${name} example:\n${z.prettifyError(error)}`;
  return new Failure('content', 'schema_mismatch', message, { cause: error });
}
