import { decodeMessage, reviewMessage, workKeyOf } from '../../stages/message.ts';
import type { StageName } from '../../stages/stage-names.ts';
import { rowsAfter } from '../../stages/table.ts';
import type { Log } from '../../streams/log/log.ts';
import { type Range, readRange } from '../../streams/log/read-range.ts';
import type { LaneName, QuestionId } from '../../streams/work/work.ts';

/**
 * Which revision of a question a reprocess takes: the first, and of what stands behind generation the highest of the range, since that is the
 * one that counted. Later ones arise anew.
 */
export async function revisionsToReplay(
  log: Log,
  stage: StageName,
  source: LaneName,
  range: Range,
): Promise<(questionId: QuestionId) => number> {
  if (!isBehindWriting(stage)) return () => 0;
  // Only those that were sent back are kept in memory.
  const highest = new Map<QuestionId, number>();
  await readRange(log, range, async (record) => {
    try {
      const { lane, questionId, revision } = workKeyOf('review', decodeMessage(reviewMessage, record));
      if (lane === source && revision > (highest.get(questionId) ?? 0)) highest.set(questionId, revision);
    } catch {
      // A record that is no message became a dead letter when it first came.
    }
  });
  return (questionId) => highest.get(questionId) ?? 0;
}

/** A question comes there once for each revision. */
function isBehindWriting(stage: StageName): boolean {
  return rowsAfter('generation').some(({ name }) => name === stage && name !== 'storage');
}
