import { exampleSchema, reviewSchema } from '../../stages/example.ts';
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
  const finished = await worksOf(store, stage)?.find({ ...first, stage });
  if (finished === undefined) return;
  yield { stage, finished };
  const [next] = rowsAfter(stage);
  const agent = next === undefined ? undefined : agentNamed(next.name);
  if (agent !== undefined) yield* paidWorks(store, first, agent);
  const back = rowNamed(stage)?.sendsBackTo;
  if (back !== undefined && reviewSchema.parse(finished.result).verdict === 'revise')
    yield* paidWorks(store, { ...first, revision: first.revision + 1 }, back);
}
