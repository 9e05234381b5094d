import { z } from 'zod';
import type { Status } from '../streams/delivery/question-status.ts';
import { exampleSchema, researchSchema, reviewSchema } from './example.ts';

/** What the store calls the results that a model was paid for. */
export type PaidWorks = 'research' | 'generations' | 'reviews' | 'works';

declare const added: unique symbol;
/** The name of a stage that a plugin brought. */
export type AddedName = string & { readonly [added]: true };

/** What all but its own folder know of a stage. */
type Row<Name extends string> = Readonly<{
  /** Names its topic, its consumer group and its works. */
  name: Name;
  /** Where a question stands once the stage is done with it; the last stage brings it to an end instead. */
  status: Status | 'end';
  /** The shape of a result. */
  result: z.ZodType;
  /** The agent to which it may send a question back. */
  sendsBackTo?: 'generation';
}> &
  /** `kept`: what the store calls its results. */
  (
    | Readonly<{ asksModel: false; kept: 'questions' | 'dataset' | 'works' }>
    | Readonly<{ asksModel: true; kept: PaidWorks }>
  );

/** Ours in the order of the stream. A row's place says what comes before and after it, and ranks its status. */
export const ROWS = [
  {
    name: 'questions',
    status: 'questions_added',
    kept: 'questions',
    result: z.object({ stored: z.literal(true) }),
    asksModel: false,
  },
  {
    name: 'research',
    status: 'researched',
    kept: 'research',
    result: researchSchema,
    asksModel: true,
  },
  {
    name: 'generation',
    status: 'generated',
    kept: 'generations',
    result: z.unknown(),
    asksModel: true,
  },
  {
    name: 'review',
    status: 'reviewed',
    kept: 'reviews',
    result: reviewSchema,
    sendsBackTo: 'generation',
    asksModel: true,
  },
  { name: 'storage', status: 'end', kept: 'dataset', result: exampleSchema, asksModel: false },
] as const satisfies readonly Row<string>[];

export type OurRow = (typeof ROWS)[number];
export type OurStage = OurRow['name'];
/** Those of ours that ask a model. */
export type OurAgent = Extract<OurRow, { asksModel: true }>['name'];
export type StageName = OurStage | AddedName;
/** The stages that ask a model. */
export type AgentStage = OurAgent | AddedName;

export type StageRow = Row<StageName>;
export type AgentRow = Row<AgentStage> & Readonly<{ asksModel: true }>;

export function isOurAgent(stage: string): stage is OurAgent {
  return ROWS.some((row) => row.asksModel && row.name === stage);
}

export function isOurs(stage: string): stage is OurStage {
  return ROWS.some(({ name }) => name === stage);
}
