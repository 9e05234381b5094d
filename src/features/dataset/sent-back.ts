import type { ExportedExample } from '../../infra/export/dataset-file.ts';
import type { Example } from '../../stages/example.ts';
import { readsHistory } from '../../stages/formats/format.ts';
import { type ExportFormat, formatNamed } from '../../stages/formats/index.ts';
import { laneNameSchema } from '../../stages/lanes/lane.ts';
import type { Reports } from '../../stages/store/store.ts';
import { inBatches } from '../../streams/in-batches.ts';
import type { QuestionId, WorkId } from '../../streams/work/work.ts';
import { workIdOf } from '../../streams/work/work.ts';

/** So many examples are looked up at once. */
const BATCH = 64;

/**
 * The rows, each with the candidates of its question that were sent back, where the format has a use for them. What a
 * person approved unchanged was not sent back.
 */
export async function* withSentBack(
  reports: Pick<Reports, 'candidates'>,
  format: ExportFormat,
  rows: AsyncIterable<ExportedExample>,
): AsyncGenerator<ExportedExample> {
  if (!readsHistory(formatNamed(format))) return yield* rows;
  for await (const batch of inBatches(rows, BATCH)) yield* await completed(reports, batch);
}

async function completed(
  reports: Pick<Reports, 'candidates'>,
  batch: readonly ExportedExample[],
): Promise<readonly ExportedExample[]> {
  const wanted = batch.flatMap(({ example }) => earlierWorks(example));
  if (wanted.length === 0) return batch;
  const candidates = await reports.candidates(wanted);
  return batch.map((row) => {
    const approved = JSON.stringify(row.example.candidate);
    const sentBack = earlierWorks(row.example)
      .filter((id) => candidates.has(id))
      .map((id) => candidates.get(id))
      .filter((candidate) => JSON.stringify(candidate) !== approved);
    return { ...row, sentBack };
  });
}

function earlierWorks({ lane, questionId, revision: last }: Example): readonly WorkId[] {
  const work = { lane: laneNameSchema.parse(lane), questionId: questionId as QuestionId };
  return Array.from({ length: last }, (_, revision) => workIdOf({ ...work, stage: 'generation', revision }));
}
