import { z } from 'zod';
import type { QuestionOfLane } from '../../../../stages/store/store.ts';
import { branded, readStored } from '../../../../stages/store/table/read-stored.ts';
import type { LaneName, QuestionId } from '../../../../streams/work/work.ts';
import type { Collections } from '../collections.ts';
import { reading } from '../operation.ts';
import { finishedOutcomeOf } from '../work/outcome-store.ts';
import { storedQuestionOf } from '../work/question-documents.ts';
import { standingOf } from './pipelines.ts';

const rowSchema = z.object({
  questionId: branded<QuestionId>(),
  question: z.string(),
  status: z.string(),
  outcome: z.unknown().optional(),
});

/** Every question of a lane, ordered by id. */
export async function* questionsOfLane(
  { questions, dataset, rejections }: Collections,
  lane: LaneName,
): AsyncGenerator<QuestionOfLane> {
  const names = { dataset: dataset.collectionName, rejections: rejections.collectionName };
  const rows = () => questions.aggregate(standingOf(lane, names));
  for await (const row of reading('reading a lane', rows)) {
    const { questionId, question, status, outcome } = readStored(rowSchema, row);
    const review = outcome === undefined ? undefined : finishedOutcomeOf(outcome).result.review;
    yield { questionId, question: storedQuestionOf(question), status, review };
  }
}
