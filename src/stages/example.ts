import { z } from 'zod';
import { coverageSchema, evidenceSchema, passageSchema } from './evidence/piece.ts';
import { questionSchema } from './question.ts';

export const usageSchema = z.object({
  input: z.number(),
  output: z.number(),
  cached: z.number(),
  reasoning: z.number(),
  cacheWrites: z.number().optional(),
});

/** What the research agent knows, as it answers where nothing is looked up. */
export const rememberedSchema = z.object({
  summary: z.string(),
  keyPoints: z.array(z.string()),
  caveats: z.array(z.string()),
});

/** What the research agent found. */
export const researchSchema = rememberedSchema.extend({
  /** Quotes that were found in the sources; a key point that none supports rests on the model alone. Absent: from memory. */
  evidence: z.array(evidenceSchema).optional(),
  /** What the quotes stand in. */
  passages: z.array(passageSchema).optional(),
  coverage: coverageSchema.optional(),
});
export type Research = z.output<typeof researchSchema>;

export const criterionSchema = z.object({ score: z.number().min(1).max(10), reason: z.string() });

/** The judge's scores per criterion of the rubric, and the verdict that our threshold, or a person, made of them. */
export const reviewSchema = z.object({
  scores: z.record(z.string(), criterionSchema),
  /** The lowest of the scores: a chain is as strong as its weakest link. */
  score: z.number(),
  /** `held`: a person took a decision back, and the question waits again. */
  verdict: z.enum(['approved', 'revise', 'rejected', 'held']),
  feedback: z.string(),
  /** Why a person is asked before the verdict counts. */
  hold: z.enum(['score', 'audit', 'suspicious']).optional(),
  /** The person whose verdict it is. The scores stay the judge's. */
  reviewer: z.string().optional(),
  /** What the judge had said, where the verdict is a person's. */
  judged: z.enum(['approved', 'rejected']).optional(),
});
export type Review = z.output<typeof reviewSchema>;

/** One finished piece of paid work behind an example. */
export const provenanceSchema = z.object({
  stage: z.string(),
  revision: z.number().int(),
  model: z.string(),
  recipe: z.string(),
  usage: usageSchema,
  costUsd: z.number().nullable(),
  /** Calls it took, failed ones included. */
  calls: z.number().int(),
  /** Calls of tools that the model asked for. Absent: none. */
  lookUps: z.number().int().optional(),
});
export type Provenance = z.output<typeof provenanceSchema>;

/** What stages of plugins added to a question's messages, under the name of each. */
export const addedSchema = z.record(z.string(), z.unknown());
export type Additions = Readonly<z.output<typeof addedSchema>>;

/** An approved example: everything that is known of it. This is a record of the ledger and a row of the dataset. */
export const exampleSchema = z.object({
  /** 2 where the question has more parts, 3 where research has looked things up, 4 where stages were added: who does not know it would drop them. */
  v: z.literal([1, 2, 3, 4]),
  lane: z.string(),
  questionId: z.string(),
  revision: z.number().int().nonnegative(),
  /** Invented by a simulated model: no training data. */
  simulated: z.boolean(),
  question: questionSchema,
  research: researchSchema,
  /** As its training type defines it. */
  candidate: z.unknown(),
  review: reviewSchema,
  /** What stages of plugins added, under the name of each. */
  added: addedSchema.optional(),
  provenance: z.array(provenanceSchema),
  /** On the ledger: an approved example was taken back. */
  retracted: z.literal(true).optional(),
});
export type Example = z.output<typeof exampleSchema>;

/** The judge's own verdict, whoever had the last word. */
export function judgedAs({ judged, verdict }: Review): 'approved' | 'rejected' {
  return judged ?? (verdict === 'approved' ? 'approved' : 'rejected');
}

/** Where outcomes are kept. */
export const ENDINGS = ['dataset', 'rejections', 'retractions'] as const;
export type Ending = (typeof ENDINGS)[number];

export function endingOf({ verdict }: Review): Ending {
  if (verdict === 'held') return 'retractions';
  return verdict === 'approved' ? 'dataset' : 'rejections';
}
