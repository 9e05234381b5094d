import { z } from 'zod';
import { Failure } from '../../streams/failure.ts';
import type { Example } from '../example.ts';
import type { Asker } from '../formats/format.ts';
import type { ContextTurn, Pair, Turn } from '../formats/turn.ts';
import type { UserTurn } from '../lanes/recipe.ts';
import type { Question } from '../question.ts';
import { faultInAnswer } from './answerable-schema.ts';
import { faultInWords, faultsText } from './faults.ts';

/** A text of a candidate: never blank, and without white space around it. */
export const prose = z.string().trim().min(1, 'the text is empty');

/** An existing answer, as the user's row has it. */
export type BroughtAnswer = Readonly<{
  /** The last message of the assistant. */
  content: string;
  reasoning?: string | undefined;
  /** Everything after the question, if it came as messages. */
  messages: readonly Readonly<{
    role: string;
    content: string;
    /** Not parsed yet. */
    tool_calls?: readonly unknown[] | undefined;
    tool_call_id?: string | undefined;
  }>[];
}>;

/** A tool call in a candidate. Its arguments are the text of a JSON object. */
export type CandidateCall = Readonly<{ name: string; arguments: string }>;

/**
 * A kind of training example, one per file: what the generation agent writes, how the reviewer reads it, and what the
 * formats make of it.
 */
export type TrainingType<Candidate> = Readonly<{
  name: string;
  /** One line for `--help`. */
  description: string;
  /** The format to export in if none is chosen: one that holds all of it. Default: `openai`. */
  format?: string | undefined;
  /**
   * The schema of the model's answer: an object at the root, as the structured output of every server requires. It holds only
   * what the model has to write; the user's message is the question, and exporters add roles and their order. No records,
   * tuples or optional fields.
   */
  candidate: z.ZodType<Candidate>;
  /** The part of the generation prompt that says what to write. */
  instructions: string;
  /** The candidate as the reviewer reads it. */
  present(candidate: Candidate, question: Question): string;
  /** The turns, with the answers that a model is to imitate. Pure. Each line of a format is checked against the trainer's rule. */
  turns(candidate: Candidate, question: Question): readonly Turn[];
  /** The two answers, if the example is a preference pair. */
  pair?: ((candidate: Candidate, question: Question) => Pair) | undefined;
  /**
   * The tool calls in a candidate. They are checked against the question's tools, and a question without tools is refused.
   * Absent: the type makes no calls.
   */
  calls?: ((candidate: Candidate) => readonly CandidateCall[]) | undefined;
  /** Makes a candidate, still to be checked, from an existing answer. Absent: the type takes no existing answers. */
  fromAnswer?: ((answer: BroughtAnswer, question: Question) => unknown) | undefined;
  /** Whether an existing answer may have several messages. Default: it has one. */
  takesTurns?: true | undefined;
  /** The same from two existing answers. */
  fromPair?: ((chosen: BroughtAnswer, rejected: BroughtAnswer) => unknown) | undefined;
}>;

/** A candidate that fits its training type. */
export type ParsedCandidate = Readonly<{
  /** As it is stored, without white space around its texts. */
  value: unknown;
  /** As the reviewer reads it. */
  present(): string;
  turns(): readonly Turn[];
  /** `undefined` if it is no preference pair. */
  pair(): Pair | undefined;
}>;

/** What the model writes, and the instructions for it. */
export type Form = Readonly<{ candidate: z.ZodType<unknown>; instructions: string }>;

/** A training type whose candidate type is unknown. */
export type AnyTrainingType = Form &
  Readonly<{
    name: string;
    description: string;
    /** As a `TrainingType` has it. */
    format?: string | undefined;
    /** Where the source of a question stands, if an export does not say it. Default: nowhere. */
    contextTurn?: ContextTurn | undefined;
    /** Where the model writes the user's message too, as in lanes of 0.1.0. Absent: the type has one form. */
    rephrased?: Form | undefined;
    /**
     * A candidate of either form, about the question that it was written for. Throws a Failure `schema_mismatch` of kind
     * `content` that says what is wrong and where.
     */
    parse(value: unknown, question: Question): ParsedCandidate;
    /** What the type was made from, where it is data: it travels in the recipes of lanes. */
    definition?: Readonly<Record<string, unknown>> | undefined;
    /** Its columns in the format `columns`. Default: the fields of the candidate beside the question. */
    columns?(candidate: unknown, example: Example, asker: Asker): Readonly<Record<string, unknown>>;
    /** The calls of tools in a candidate; none in what is no candidate. Absent: the type calls none. */
    calls?: ((candidate: unknown) => readonly CandidateCall[]) | undefined;
    fromAnswer?: TrainingType<unknown>['fromAnswer'];
    takesTurns?: true | undefined;
    fromPair?: TrainingType<unknown>['fromPair'];
  }>;

/** Hides the type of the candidate, so that training types with different candidates fit into one list. */
export function defineTrainingType<Candidate>(type: TrainingType<Candidate>): AnyTrainingType {
  const { name, candidate, calls } = type;
  const { description, format, instructions, fromAnswer, takesTurns, fromPair } = type;
  return {
    ...{ name, description, format, candidate, instructions, fromAnswer, takesTurns, fromPair },
    calls: calls && ((value) => callsIn(candidate.safeParse(value), calls)),
    parse(value, question) {
      const parsed = candidate.safeParse(value, { error: faultInWords });
      if (!parsed.success) throw mismatch(name, parsed.error);
      return {
        value: parsed.data,
        present: () => type.present(parsed.data, question),
        turns: () => type.turns(parsed.data, question),
        pair: () => type.pair?.(parsed.data, question),
      };
    },
  };
}

function callsIn<Candidate>(
  { data }: z.ZodSafeParseResult<Candidate>,
  calls: (candidate: Candidate) => readonly CandidateCall[],
): readonly CandidateCall[] {
  return data === undefined ? [] : calls(data);
}

/**
 * A type of two forms: the user's words are the user's message, or the model writes that too.
 * @param isRephrased tells which form a stored candidate has.
 */
export function eitherForm<Own, Rephrased>(
  type: TrainingType<Own>,
  rephrased: TrainingType<Rephrased>,
  isRephrased: (value: object) => boolean,
): AnyTrainingType {
  const [own, first] = [defineTrainingType(type), defineTrainingType(rephrased)];
  const isFirst = (value: unknown) => typeof value === 'object' && value !== null && isRephrased(value);
  return {
    ...own,
    rephrased: { candidate: first.candidate, instructions: first.instructions },
    parse: (value, question) => (isFirst(value) ? first : own).parse(value, question),
  };
}

/** The form in which a lane has the type written. */
export function formOf(type: AnyTrainingType, userTurn: UserTurn): Form {
  return userTurn === 'verbatim' ? type : (type.rephrased ?? type);
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
  const fault = faultInAnswer(Object(type).candidate, 'candidate');
  return fault === undefined ? undefined : `its schema ${fault}`;
}

function mismatch(name: string, error: z.ZodError): Failure {
  const message = `The answer is no ${name} example: ${faultsText(error)}.`;
  return new Failure('content', 'schema_mismatch', message, { cause: error });
}
