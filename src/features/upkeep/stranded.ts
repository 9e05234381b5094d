import type { Engine } from '../../infra/engines/engine.ts';
import { MAIN_LANE } from '../../stages/lanes/lane.ts';
import { storedSteps } from '../../stages/pipeline.ts';
import { type Rebuilt, rebuiltRecord } from '../../stages/rebuilt-record.ts';
import type { AddedName } from '../../stages/rows.ts';
import { isEnd, openCount } from '../../stages/status.ts';
import type { Store } from '../../stages/store/store.ts';
import { type LagLog, readLags } from '../flow/lag.ts';
import type { Session } from '../run/session/session.ts';

type Looked = Readonly<{ log: LagLog; store: Pick<Store, 'reports' | 'lanes'> }>;

/**
 * How many questions of `main` stand still for good: not at an end, while no record waits in any topic. Whatever a stage settled it had
 * published before, so their next record is gone: deleted, cut by retention, lost with its leader. 0 while anything waits.
 */
export async function strandedCount({ log, store }: Looked, namespace: string): Promise<number> {
  const added = (await store.lanes.get(MAIN_LANE))?.recipes.stages ?? [];
  // Records of a stage that this process lacks wait for a process that has it.
  const stages = added.map(({ name }) => name as AddedName);
  if (await anythingWaits(log, namespace, stages)) return 0;
  const open = openCount(await store.reports.counts(MAIN_LANE));
  // What was between two topics at the first look, or came meanwhile, waits now.
  return open === 0 || (await anythingWaits(log, namespace, stages)) ? 0 : open;
}

async function anythingWaits(log: LagLog, namespace: string, stages: readonly AddedName[]): Promise<boolean> {
  const lags = await readLags(log, namespace, stages);
  return [...lags.values()].some((lag) => lag > 0);
}

/** What a person is told of them. */
export function strandedText(count: number): string {
  const questions = count === 1 ? '1 question is' : `${count} questions are`;
  return `${questions} not at an end, and no record waits in any topic: the next record was deleted, cut by retention or lost with its broker`;
}

/** The one command. */
export const STRANDED_MEND =
  'millrace repair (it republishes from what is stored; nothing that is done is paid for again)';

/** Lets the questions go on that stand still: each record is made again from the store. Resolves with how many went on. Safe to repeat. */
export async function repairStranded({ engine, namespace, pipeline }: Session): Promise<number> {
  const { store } = engine;
  if ((await strandedCount(engine, namespace)) === 0) return 0;
  const steps = storedSteps(pipeline);
  let count = 0;
  for await (const { question, questionId, status } of store.reports.questionsOf(MAIN_LANE)) {
    if (isEnd(status)) continue;
    const drive = await store.reports.driveOf(MAIN_LANE, questionId);
    const rebuilt = await rebuiltRecord(steps, { question, lane: MAIN_LANE, drive });
    await goOn(engine, rebuilt);
    if (rebuilt.kind === 'end' && rebuilt.result.kind !== 'dead-letter') {
      const { status: end } = rebuilt.result;
      const work = { lane: MAIN_LANE, questionId, stage: 'storage', revision: 0, drive };
      const waiting = rebuilt.result.kind === 'hold' ? { waiting: rebuilt.result.waiting } : {};
      await store.move({ work, status: end, ...waiting });
    }
    count += 1;
  }
  return count;
}

async function goOn({ log }: Engine, rebuilt: Rebuilt): Promise<void> {
  if (rebuilt.kind === 'record') return log.publish(rebuilt.topic, [rebuilt.record]);
  const { result } = rebuilt;
  if (result.kind !== 'dead-letter' && result.records.length > 0)
    await log.publish(result.topic, result.records);
}
