import { callOf } from '../../../stages/research/turn.ts';
import type { History, Store, StoredWork } from '../../../stages/store/store.ts';
import { worksOf } from '../../../stages/store/works-of.ts';
import { inOrder } from '../../../streams/work/attempts.ts';
import type { Step } from '../../../streams/work/step.ts';
import { type LaneName, type QuestionId, workIdOf } from '../../../streams/work/work.ts';

/** The steps of each work of a question, in the order of its works; none where a work is one call. */
export async function stepsOfWorks(store: Store, history: History): Promise<readonly (readonly Step[])[]> {
  const [lane, questionId] = [history.lane as LaneName, history.questionId as QuestionId];
  return Promise.all(
    history.works.map(
      async ({ stage, revision }) =>
        (await worksOf(store, stage)?.steps(workIdOf({ lane, questionId, stage, revision }))) ?? [],
    ),
  );
}

/** What is told of a question beside its history: what people and shadow judges said of it, and the steps of each of its works. */
export async function besideHistory(store: Store, history: History) {
  const about = [history.lane as LaneName, history.questionId as QuestionId] as const;
  const [decisions, verdicts, steps] = await Promise.all([
    store.reviewQueue.decisionsOn(...about),
    store.shadows.verdictsOn(...about),
    stepsOfWorks(store, history),
  ]);
  return { decisions, verdicts, steps };
}

/**
 * The works with the calls that are their steps among their attempts: a work that is done has them there already.
 *
 * @param steps of each work.
 */
export function withCalls(
  works: readonly StoredWork[],
  steps: readonly (readonly Step[])[],
): readonly StoredWork[] {
  return works.map((work, index) => {
    const calls = work.state === 'done' ? [] : (steps[index] ?? []).flatMap((step) => callOf(step) ?? []);
    return calls.length === 0 ? work : { ...work, attempts: inOrder([...work.attempts, ...calls]) };
  });
}
