import { exampleSchema, reviewSchema } from '../../stages/example.ts';
import { isOurs } from '../../stages/rows.ts';
import { type AgentStage, agentNamed, type StageName } from '../../stages/stage-names.ts';
import type { Store } from '../../stages/store/store.ts';
import { worksOf } from '../../stages/store/works-of.ts';
import { rowNamed, rowsAfter } from '../../stages/table.ts';
import type { Finished, WorkKey } from '../../streams/work/work.ts';

export type PaidWork = Readonly<{ stage: AgentStage; finished: Finished<unknown> }>;

/**
 * Whether the stage published anything of the result. A question that did not pass ends without a record on the ledger,
 * unless a person said so: that takes back what may have been approved. What is held waits.
 */
export function isPublished(stage: StageName, { result }: Finished<unknown>): boolean {
  if (stage === 'review') return reviewSchema.parse(result).hold === undefined;
  if (stage !== 'storage') return true;
  const { verdict, reviewer } = exampleSchema.parse(result).review;
  return verdict === 'approved' || reviewer !== undefined;
}

/** What was paid for a question from one work on, in the order of the stream, as far as it is stored. */
export async function* paidWorks(store: Store, first: WorkKey, stage: AgentStage): AsyncGenerator<PaidWork> {
  const behind = [stage, ...rowsAfter(stage).flatMap(({ name }) => agentNamed(name) ?? [])];
  let last: PaidWork | undefined;
  for (const agent of behind) {
    const finished = await worksOf(store, agent)?.find({ ...first, stage: agent });
    if (finished !== undefined) {
      last = { stage: agent, finished };
      yield last;
      // Not every lane has the stages that plugins brought.
    } else if (isOurs(agent)) break;
  }
  const back = last === undefined ? undefined : rowNamed(last.stage)?.sendsBackTo;
  if (last === undefined || back === undefined || last.stage === back || !mayHaveSentBack(last)) return;
  yield* paidWorks(store, { ...first, revision: first.revision + 1 }, back);
}

/** What a stage of a plugin decided is not kept: where it sent nothing back, there is nothing of a next revision. */
function mayHaveSentBack({ stage, finished }: PaidWork): boolean {
  return !isOurs(stage) || reviewSchema.parse(finished.result).verdict === 'revise';
}
