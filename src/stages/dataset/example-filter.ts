import { z } from 'zod';
import type { Example } from '../example.ts';
import { HELD, type Held } from '../formats/format.ts';
import { CONTEXT_TURNS, type ContextTurn } from '../formats/turn.ts';
import { hasTemplateTokens } from '../text/suspicion.ts';
import { trainingTypes } from '../training-types/index.ts';

export const REVIEWERS = ['human', 'judge'] as const;

/** Which examples are meant; what is not named does not matter. */
export const exampleFilterSchema = z
  .object({
    topic: z.string().optional(),
    subTopic: z.string().optional(),
    trainingType: z.string().optional(),
    /** The lowest score of the review, at least this. */
    minScore: z.number().min(1).max(10).optional(),
    /** Whose verdict counted. */
    reviewer: z.enum(REVIEWERS).optional(),
    /** Without those whose texts hold marks that trainers obey, or letters that nobody sees. */
    skipMarks: z.literal(true).optional(),
    /** What is stripped of them, so that formats without a place for it take them. */
    without: z.array(z.enum(HELD)).readonly().optional(),
    /** Whether the source that a question brings leads its user's message. */
    contextTurn: z.enum(CONTEXT_TURNS).optional(),
  })
  .readonly();
export type ExampleFilter = z.output<typeof exampleFilterSchema>;

/** How an example that is meant is written. */
export type Treatment = Readonly<{
  leftOut: string | undefined;
  without: readonly Held[];
  contextTurn: ContextTurn;
}>;

/** @param types the training types that are known. */
export function treatmentOf(
  filter: ExampleFilter,
  example: Example,
  types: typeof trainingTypes = trainingTypes,
): Treatment {
  const { without = [], contextTurn = types.get(example.question.trainingType)?.contextTurn ?? 'none' } =
    filter;
  return { leftOut: leftOutFor({ ...filter, contextTurn }, example), without, contextTurn };
}

/** Why an example that is meant has no line all the same; `undefined` where it has one. */
function leftOutFor(
  { skipMarks, without = [], contextTurn }: ExampleFilter,
  { question, candidate }: Example,
): string | undefined {
  const { context, passages } = question;
  const beside = contextTurn === 'before' ? [context, passages] : [];
  const stripped = { ...question, ...Object.fromEntries(without.map((part) => [part, undefined])) };
  return skipMarks === true && hasTemplateTokens({ question: stripped, candidate }, beside)
    ? 'its texts hold marks that trainers obey, or letters that nobody sees'
    : undefined;
}

/** Whether the example is meant. One that is left out for its marks is. */
export function isMeant(filter: ExampleFilter, example: Example): boolean {
  const { question, review } = example;
  const { topic, subTopic, trainingType, minScore, reviewer } = filter;
  return (
    (topic === undefined || question.topic === topic) &&
    (subTopic === undefined || question.subTopic === subTopic) &&
    (trainingType === undefined || question.trainingType === trainingType) &&
    (minScore === undefined || review.score >= minScore) &&
    (reviewer === undefined || (review.reviewer === undefined ? 'judge' : 'human') === reviewer)
  );
}
