import type { ReviewQueueRepository } from '../../stages/store/review-queue-repository.ts';
import type { Reports } from '../../stages/store/store.ts';
import type { LaneName, QuestionId } from '../../streams/work/work.ts';

export type TextPorts = Readonly<{
  reports: Pick<Reports, 'outcome'>;
  reviewQueue: Pick<ReviewQueueRepository, 'find'>;
}>;

/**
 * The text of a question that has ended or waits for a person; `undefined` while it is at work. Rejects with a Failure
 * while the store is away.
 */
export async function questionText(
  { reports, reviewQueue }: TextPorts,
  lane: LaneName,
  questionId: QuestionId,
): Promise<string | undefined> {
  const outcome = await reports.outcome(lane, questionId);
  if (outcome?.example !== undefined) return outcome.example.question.text;
  return (await reviewQueue.find(lane, questionId))?.message.question.text;
}
