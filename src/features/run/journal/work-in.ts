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
