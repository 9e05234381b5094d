import type { Example } from '../../../stages/example.ts';
import type { ForgottenRepository } from '../../../stages/store/forgotten.ts';
import type { QuestionId } from '../../../streams/work/work.ts';

/** So many questions are asked about at once. */
const BATCH = 256;

/**
 * The examples without those of forgotten questions. Kafka keeps a record behind its tombstone for a while, and a version
 * ends before the tombstone: the mark in the store counts at once and for ever.
 */
export async function* withoutForgotten(
  forgotten: Pick<ForgottenRepository, 'among'>,
  examples: AsyncIterable<Example>,
): AsyncGenerator<Example> {
  let batch: Example[] = [];
  for await (const example of examples) {
    batch.push(example);
    if (batch.length < BATCH) continue;
    yield* await remembered(forgotten, batch);
    batch = [];
  }
  yield* await remembered(forgotten, batch);
}

async function remembered(
  forgotten: Pick<ForgottenRepository, 'among'>,
  batch: readonly Example[],
): Promise<readonly Example[]> {
  if (batch.length === 0) return batch;
  const marked = await forgotten.among(batch.map(idOf));
  return batch.filter((example) => !marked.has(idOf(example)));
}

const idOf = ({ questionId }: Example): QuestionId => questionId as QuestionId;
