import type { Question } from '../../stages/question.ts';
import type { ReplayRequest } from '../../stages/store/replay-plan.ts';
import type { Reports } from '../../stages/store/store.ts';
import type { WorkKey } from '../../streams/work/work.ts';

/** Which questions a replay means: by their subject, and by where they stand in the source lane when they are read. */
export function selectionOf(
  reports: Pick<Reports, 'statusOf'>,
  { topic, subTopic, status }: Pick<ReplayRequest, 'topic' | 'subTopic' | 'status'>,
): (work: WorkKey, question: Question) => Promise<boolean> {
  return async ({ lane, questionId }, question) => {
    if (!isSame(question.topic, topic) || !isSame(question.subTopic, subTopic)) return false;
    if (status.length === 0) return true;
    const stands = await reports.statusOf(lane, questionId);
    return status.some((wanted) => wanted === stands);
  };
}

/** As questions are compared: letter case does not count. */
function isSame(label: string, wanted: string): boolean {
  return wanted === '' || label.toLowerCase() === wanted.trim().toLowerCase();
}
