import type { History, Store } from '../../../stages/store/store.ts';
import { worksOf } from '../../../stages/store/works-of.ts';
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
