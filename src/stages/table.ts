import { z } from 'zod';
import type { Status } from '../streams/delivery/question-status.ts';
import { Failure } from '../streams/failure.ts';
import { exampleSchema, researchSchema, reviewSchema } from './example.ts';

/** What the store calls the results that a model was paid for. */
export type PaidWorks = 'research' | 'generations' | 'reviews';

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
    | Readonly<{ asksModel: false; kept: 'questions' | 'dataset' }>
    | Readonly<{ asksModel: true; kept: PaidWorks }>
  );

/** The stages in the order of the stream. A row's place says what comes before and after it, and ranks its status. */
const ROWS = [
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

type OurRow = (typeof ROWS)[number];
/** The name of a stage. */
export type StageName = OurRow['name'];
/** The stages that ask a model. */
export type AgentStage = Extract<OurRow, { asksModel: true }>['name'];

type StageRow = Row<StageName>;
type AgentRow = Row<AgentStage> & Readonly<{ asksModel: true }>;

/** Every stage of this process, in the order of the stream. */
export function stageRows(): readonly StageRow[] {
  return ROWS;
}

/** Those that ask a model. */
export function agentRows(): readonly AgentRow[] {
  return stageRows().filter(asksModel);
}

/** The row of that name; `undefined` where there is no such stage in this process. */
export function rowNamed(name: string): StageRow | undefined {
  return stageRows().find((row) => row.name === name);
}

/** The stages behind the one of that name, the next one first. */
export function rowsAfter(name: string): readonly StageRow[] {
  const rows = stageRows();
  return rows.slice(rows.findIndex((row) => row.name === name) + 1);
}

/** What the store calls the results of an agent. */
export function keptBy(agent: AgentStage): PaidWorks {
  const row = agentRows().find(({ name }) => name === agent);
  if (row === undefined)
    throw new Failure('fatal', 'unknown_stage', `There is no stage named ${agent} here.`);
  return row.kept;
}

function asksModel(row: StageRow): row is AgentRow {
  return row.asksModel;
}
