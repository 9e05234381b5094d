import { exampleSchema, reviewSchema } from '../../stages/example.ts';
import type { AgentStage, StageName } from '../../stages/stage-names.ts';
import type { Store } from '../../stages/store/store.ts';
import type { Finished, WorkKey, WorkStore } from '../../streams/work/work.ts';

export type PaidWork = Readonly<{ stage: AgentStage; finished: Finished<unknown> }>;

/** The store of a stage, for reading. */
export function storeOf(store: Store, stage: StageName): Pick<WorkStore<unknown>, 'find'> {
  const { questions, research, generations, reviews, dataset } = store;
  return { questions, research, generation: generations, review: reviews, storage: dataset }[stage];
}

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
  const finished = await storeOf(store, stage).find({ ...first, stage });
  if (finished === undefined) return;
  yield { stage, finished };
  switch (stage) {
    case 'research':
      yield* paidWorks(store, first, 'generation');
      return;
    case 'generation':
      yield* paidWorks(store, first, 'review');
      return;
    case 'review':
      if (reviewSchema.parse(finished.result).verdict === 'revise')
        yield* paidWorks(store, { ...first, revision: first.revision + 1 }, 'generation');
      return;
    default:
      stage satisfies never;
  }
}
