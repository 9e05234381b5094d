import type { JournalEntry } from '../../../infra/journal/journal-entry.ts';
import type { LaneName, QuestionId, WorkId } from '../../../streams/work/work.ts';

/** The parts of `lane/questionId/stage/revision`. */
export function workIn(workId: WorkId) {
  const [lane = '', questionId = '', stage = '', revision = ''] = workId.split('/');
  return {
    lane: lane as LaneName,
    questionId: questionId as QuestionId,
    stage,
    revision: Number(revision),
  };
}

/** The work that an entry of a journal is of; what is looked up for anybody is of none. */
export function workOfEntry(entry: JournalEntry): ReturnType<typeof workIn> | undefined {
  if (entry.kind === 'look-up') return undefined;
  return workIn(entry.kind === 'arrival' ? entry.arrival.workId : entry.workId);
}
