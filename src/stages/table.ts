import type { Status } from '../streams/delivery/question-status.ts';
import type { AddedStage } from './added/added-stage.ts';
import { stagesInOrder } from './added/in-order.ts';
import { addedStages, stageSlot } from './added/stage-slot.ts';
import {
  type AddedName,
  type AgentRow,
  type AgentStage,
  type OurStage,
  type PaidWorks,
  ROWS,
  type StageRow,
} from './rows.ts';

export type { AgentStage, OurAgent, OurStage, PaidWorks, StageName } from './rows.ts';

let known: Readonly<{ added: readonly AddedStage[]; rows: readonly StageRow[] }> = { added: [], rows: ROWS };

/** Every stage of this process, in the order of the stream: ours, and behind each of them those that plugins added there. */
export function stageRows(): readonly StageRow[] {
  if (stageSlot.names.length === ROWS.length) return ROWS;
  const added = addedStages();
  if (!isSame(added, known.added))
    known = { added, rows: stagesInOrder<StageRow, AddedRow>(ROWS, added.map(rowOf)) };
  return known.rows;
}

function isSame(some: readonly AddedStage[], others: readonly AddedStage[]): boolean {
  return some.length === others.length && some.every((stage, place) => stage === others[place]);
}

type AddedRow = StageRow & Readonly<{ after: string }>;

function rowOf({ name, after, status, result, asksModel }: AddedStage): AddedRow {
  const row = {
    ...{ name: name as AddedName, after, status: status as Status, result, kept: 'works' as const },
    // Where nothing is written yet, it sends nothing back.
    sendsBackTo: 'generation' as const,
  };
  return asksModel ? { ...row, asksModel } : { ...row, asksModel };
}

/** Those that plugins added, with what they are. */
export function addedRows(): readonly Readonly<{ name: AddedName; stage: AddedStage }>[] {
  const added = addedStages();
  return stageRows().flatMap(({ name }) => {
    const stage = added.find((each) => each.name === name);
    return stage === undefined ? [] : [{ name: stage.name as AddedName, stage }];
  });
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

/** The stage of ours whose records an added stage is shown: the next one of ours behind it. */
export function ourNextAfter(name: AddedName): OurStage {
  const behind: readonly string[] = rowsAfter(name).map((row) => row.name);
  return ROWS.find((ours) => behind.includes(ours.name))?.name ?? 'storage';
}

/** What the store calls the results of an agent. */
export function keptBy(agent: AgentStage): PaidWorks {
  return agentRows().find(({ name }) => name === agent)?.kept ?? 'works';
}

function asksModel(row: StageRow): row is AgentRow {
  return row.asksModel;
}
