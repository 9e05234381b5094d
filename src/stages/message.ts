import { z } from 'zod';
import { errorText, Failure, NEWER_RECORD } from '../streams/failure.ts';
import type { LogRecord, OutgoingRecord } from '../streams/log/log.ts';
import type { QuestionId, WorkKey } from '../streams/work/work.ts';
import { overrideSchema } from './agent/override.ts';
import { addedSchema, provenanceSchema, type Research, researchSchema, reviewSchema } from './example.ts';
import { questionInputSchema, submissionInputSchema } from './input-schemas.ts';
import { shadowReviewSchema } from './judges/shadow-review.ts';
import { laneNameSchema, MAIN_LANE } from './lanes/lane.ts';
import type { Recipes } from './lanes/recipe.ts';
import { MAX_NESTING, MAX_RECORD_BYTES } from './limits.ts';
import { type Question, questionIdOf, questionSchema } from './question.ts';
import { hasParts } from './question-parts/parts.ts';
import { decisionSchema } from './store/decision.ts';
import { isLongAndDeep, isNestedDeeperThan } from './text/nesting-depth.ts';

/** Of a whole record: what a stranger may nest stands a few levels deep in it. */
const MAX_RECORD_NESTING = MAX_NESTING + 8;
/** What is wrong with a message is told at this length at most. */
const MAX_REASON_CHARACTERS = 2_000;

/**
 * Version of a record: 2 where a Millrace that knows only 1 would lose something of its question, 3 where its research looks things up, 4
 * where its lane has stages of plugins.
 */
const VERSIONS = [1, 2, 3, 4] as const;
export type MessageVersion = (typeof VERSIONS)[number];
/** The highest version of the records that are read and written here. */
const MESSAGE_VERSION = Math.max(...VERSIONS);
/** That of a lane whose research looks things up: who does not know it would research from memory and drop the evidence. */
export const LOOKED_UP_VERSION = 3;
/** That of a lane with stages of plugins: who does not know them would pass them over, and drop what they added. */
export const ADDED_VERSION = 4;

const newer = z.looseObject({ v: z.int().min(MESSAGE_VERSION + 1) });

/** The version of a record about the question: no higher than it must be, so that older workers go on with the rest. */
export function versionFor(question: Question): MessageVersion {
  return hasParts(question) ? 2 : 1;
}

const base = z.object({
  v: z.literal(VERSIONS),
  lane: laneNameSchema.default(MAIN_LANE),
  revision: z.number().int().min(0).max(1_000).default(0),
  drive: z.number().int().min(0).max(10_000).default(0),
  question: questionSchema,
  override: overrideSchema.optional(),
  /** What stages of plugins added, under the name of each. Every stage hands it on. */
  added: addedSchema.optional(),
});

/** The records of each topic. A message carries everything its stage needs, so a topic can be replayed by itself. */
export const questionsMessage = base.extend({
  question: questionInputSchema,
  submission: submissionInputSchema.optional(),
});

export const researchMessage = base.extend({
  /** Present where a stage of a plugin was asked before research. */
  provenance: z.array(provenanceSchema).optional(),
});

const rejectionSchema = z.object({ candidate: z.unknown(), review: reviewSchema });

export const generationMessage = base.extend({
  research: researchSchema,
  /** The candidate that was sent back, and why. Absent at revision 0. */
  rejection: rejectionSchema.optional(),
  provenance: z.array(provenanceSchema),
});

export const reviewMessage = base.extend({
  research: researchSchema,
  candidate: z.unknown(),
  provenance: z.array(provenanceSchema),
});

export const storageMessage = reviewMessage.extend({
  review: reviewSchema,
  /** What a shadow judge said, of what a person was asked about because of it: shown again where it waits again. */
  shadow: shadowReviewSchema.optional(),
});

/** What a person decided, with all that the decision is about. */
export const verdictMessage = storageMessage.extend({ decision: decisionSchema });

export type QuestionsMessage = z.output<typeof questionsMessage>;
export type ResearchMessage = z.output<typeof researchMessage>;
export type GenerationMessage = z.output<typeof generationMessage>;
export type ReviewMessage = z.output<typeof reviewMessage>;
export type StorageMessage = z.output<typeof storageMessage>;
export type VerdictMessage = z.output<typeof verdictMessage>;
type AnyMessage = z.output<typeof base>;

/**
 * The record's value as a message. Throws a Failure of kind `poison` that says what is wrong with it; its code is
 * `newer_record` where nothing is wrong but that a newer version wrote it.
 * @param parse reads the JSON of it.
 */
export function decodeMessage<Message>(
  schema: z.ZodType<Message>,
  record: LogRecord,
  parse: (text: string) => unknown = JSON.parse,
): Message {
  const text = textOf(record.value);
  if (isLongAndDeep(text, MAX_RECORD_NESTING)) throw tooDeep();
  const value = parsed(text, parse);
  if (isNestedDeeperThan(value, MAX_RECORD_NESTING)) throw tooDeep();
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const { data: other } = newer.safeParse(value);
  if (other !== undefined) throw newerRecord(record, other.v);
  const reason = reasonOf(read.error).slice(0, MAX_REASON_CHARACTERS);
  throw new Failure('poison', 'schema_mismatch', `Not a message of this topic: ${reason}`);
}

/** In the reader's words: how we hold a number of many digits is none of them. */
function reasonOf(error: z.ZodError): string {
  return z.prettifyError(error).replaceAll('received LongNumber', 'received a number of too many digits');
}

function newerRecord({ topic, partition, offset }: LogRecord, version: number): Failure {
  const message = `The record at ${topic}:${partition}:${offset} is of version ${version}, and this Millrace reads versions up to ${MESSAGE_VERSION}: a newer one wrote it. It is left where it is, and nothing behind it is committed. Update Millrace here, or stop this process where a newer one works the same topics.`;
  return new Failure('poison', NEWER_RECORD, message);
}

function tooDeep(): Failure {
  const text = `Expected at most ${MAX_RECORD_NESTING} levels of objects and arrays, came more.`;
  return new Failure('poison', 'too_deep', text);
}

function textOf(value: LogRecord['value']): string {
  if (value === null) throw new Failure('poison', 'empty_record', 'The record has no value.');
  const bytes = Buffer.byteLength(value);
  if (bytes > MAX_RECORD_BYTES)
    throw new Failure('poison', 'too_large', `Expected at most ${MAX_RECORD_BYTES} bytes, got ${bytes}.`);
  if (typeof value === 'string') return value;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(value);
  } catch {
    throw new Failure('poison', 'not_utf8', 'The record is not UTF-8 text.');
  }
}

function parsed(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch (error) {
    const reason = errorText(error);
    throw new Failure('poison', 'not_json', `The record is not JSON: ${reason.slice(0, 200)}`);
  }
}

/** The version of a record that carries the research on. */
export function versionWith({ coverage }: Research, version: MessageVersion): MessageVersion {
  return coverage === undefined || version > LOOKED_UP_VERSION ? version : LOOKED_UP_VERSION;
}

/** The version of a record about the question in a lane that goes by these recipes, where they are known. */
export function versionIn(recipes: Recipes | undefined, question: Question): MessageVersion {
  if (recipes?.stages !== undefined) return ADDED_VERSION;
  if (recipes?.research.lookUp !== undefined) return LOOKED_UP_VERSION;
  return recipes?.types === undefined ? versionFor(question) : 2;
}

/** The work that a message is about. The id is computed from the question: a wrong one cannot be smuggled in. */
export function workKeyOf(stage: string, message: AnyMessage): WorkKey {
  const { lane, revision, drive, question } = message;
  return { lane, questionId: questionIdOf(question), stage, revision, drive };
}

/**
 * A message as a record, keyed by its question so that a question's records keep their order. Throws a Failure of kind
 * `poison` for what is nested too deep to be written.
 */
export function recordOf(questionId: QuestionId, message: z.input<typeof base>): OutgoingRecord {
  try {
    return { key: questionId, value: JSON.stringify(message) };
  } catch (cause) {
    throw new Failure('poison', 'too_deep', 'The message is nested too deep to be written.', { cause });
  }
}
