import { z } from 'zod';
import type { LaneName, QuestionId } from '../../streams/work/work.ts';
import { shadowNameSchema } from '../judges/shadow-name.ts';
import type { Lane } from '../lanes/lane.ts';
import { laneNameSchema } from '../lanes/lane.ts';

export const passesSchema = z.enum(['approved', 'rejected']);
export type Passes = z.output<typeof passesSchema>;

/**
 * What a shadow judge said of a candidate beside what the live judge said of the same one. `approved` is a candidate that
 * passes; one that is sent back for a revision does not.
 */
export const shadowVerdictSchema = z.object({
  shadow: shadowNameSchema,
  /** Of the live judge, and of the question. */
  lane: laneNameSchema,
  questionId: z.string().transform((id) => id as QuestionId),
  revision: z.number().int().nonnegative(),
  live: passesSchema,
  liveScore: z.number(),
  verdict: passesSchema,
  score: z.number(),
  feedback: z.string(),
  /** When it was judged, by the clock of the worker (ISO 8601). */
  at: z.string().max(40),
});
export type ShadowVerdict = Readonly<z.output<typeof shadowVerdictSchema>>;

/** How many verdicts of a day (UTC) fell how. */
export type ShadowCount = Readonly<{
  day: string;
  live: Passes;
  verdict: Passes;
  count: number;
  /** The sum of the shadow's score less the live one. */
  scoreDifference: number;
}>;

/**
 * How often people sided with the live judge and how often with the shadow, by the latest decision still in force. Decisions
 * that were undone do not count.
 */
export type AgreementWithPeople = Readonly<{ withLive: number; withShadow: number }>;

export type DisagreementQuery = Readonly<{
  shadow: string;
  from?: string | undefined;
  limit: number;
}>;
export type DisagreementPage = Readonly<{ verdicts: readonly ShadowVerdict[]; next: string | undefined }>;

/**
 * What shadow judges said. Writes are safe to repeat and resolve once durable; rejections are Failures of kind `outage` or
 * `fatal`, and of kind `poison` (`bad_place`) for a place that no page gave.
 */
export interface ShadowRepository {
  /** Keeps a verdict by shadow, question and revision; a later one takes its place. Not of a forgotten question. */
  keep(verdict: ShadowVerdict): Promise<void>;
  /** The lanes of all shadow judges that ever were at work here, by name. */
  shadows(): Promise<readonly Lane[]>;
  /** Since that day, in order of days. */
  counts(shadow: string, sinceDay: string): Promise<readonly ShadowCount[]>;
  /** Where the shadow and the live judge differ, the newest first. */
  disagreements(query: DisagreementQuery): Promise<DisagreementPage>;
  /** What every shadow said about one question, by revision and name. */
  verdictsOn(lane: LaneName, questionId: QuestionId): Promise<readonly ShadowVerdict[]>;
  /**
   * An edit is no approval: the candidate that both saw was not good enough. A decision counts for one verdict of the shadow at
   * most, which is on the candidate that was decided.
   */
  agreementWithPeople(shadow: string): Promise<AgreementWithPeople>;
}
