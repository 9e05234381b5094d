import type { Collection } from 'mongodb';
import { z } from 'zod';
import type { DeadLetters } from '../../../../stages/store/repositories/dead-letters.ts';
import type { History, NamedQuestion, StoredWork } from '../../../../stages/store/store.ts';
import { inStreamOrder } from '../../../../stages/store/stream-order.ts';
import { branded, jsonText, LAST_CHARACTER, readStored } from '../../../../stages/store/table/read-stored.ts';
import type { QuestionId } from '../../../../streams/work/work.ts';
import { allWorks, type Collections } from '../collections.ts';
import {
  type QuestionDocument,
  questionDocumentSchema,
  type WorkDocument,
  workDocumentSchema,
} from '../documents.ts';
import { operation } from '../operation.ts';
import { storedQuestionOf, submissionOf } from '../work/question-documents.ts';

const MOST = 20;
/** Each run that asks a question again under its id is one more. */
const MOST_ASKED = 1_000;

const namedSchema = z
  .object({ id: z.string(), questionId: branded<QuestionId>() })
  .transform(({ id, questionId }): NamedQuestion => ({ userId: id, questionId }));
const resultText = jsonText(z.unknown());

/** Everything that is known of a question, lane by lane. */
export class MongoHistories {
  readonly #collections: Collections;
  readonly #deadLetters: DeadLetters;

  constructor(collections: Collections, deadLetters: DeadLetters) {
    this.#collections = collections;
    this.#deadLetters = deadLetters;
  }

  /** At most 20 of them. Rejects with a Failure. */
  beginningWith(idPrefix: string): Promise<readonly History[]> {
    const { questions } = this.#collections;
    const filter = { questionId: { $gte: idPrefix, $lt: `${idPrefix}~` } };
    return operation('reading histories', async () => {
      const found = await questions.find(filter).sort({ questionId: 1, addedAt: -1 }).limit(MOST).toArray();
      return Promise.all(found.map((each) => this.#history(readStored(questionDocumentSchema, each))));
    });
  }

  /** In the order of the ids that their askers gave them. Rejects with a Failure. */
  namedBy(beginning: string): Promise<readonly NamedQuestion[]> {
    const filter = { id: { $gt: '', $gte: beginning, $lt: `${beginning}${LAST_CHARACTER}` } };
    const projection = { _id: 0, id: 1, questionId: 1 } as const;
    return operation('finding questions by the ids of their askers', async () => {
      const found = await this.#collections.submissions
        .find(filter, { projection })
        .sort({ id: 1, questionId: 1 })
        .limit(MOST_ASKED)
        .toArray();
      const named = found.map((each) => readStored(namedSchema, each));
      const firsts = new Map(named.map((each) => [`${each.questionId} ${each.userId}`, each]));
      return [...firsts.values()].slice(0, MOST);
    });
  }

  async #history({ lane, questionId, status, question }: QuestionDocument): Promise<History> {
    const submissions = await this.#collections.submissions.find({ questionId, lane }).toArray();
    const range = { $gte: `${lane}/${questionId}/`, $lt: `${lane}/${questionId}0` };
    const works = await Promise.all(allWorks(this.#collections).map((each) => worksIn(each, range)));
    return {
      ...{ lane, questionId, status, question: storedQuestionOf(question) },
      submissions: submissions.map(submissionOf),
      works: inStreamOrder(works.flat()),
      deadLetters: await this.#deadLetters.ofQuestion(lane, questionId),
    };
  }
}

async function worksIn(
  works: Collection<WorkDocument>,
  range: Readonly<{ $gte: string; $lt: string }>,
): Promise<readonly StoredWork[]> {
  const found = await works
    .find({ _id: range }, { projection: { steps: 0 } })
    .sort({ revision: 1 })
    .toArray();
  return found.map((each) => storedWork(readStored(workDocumentSchema, each)));
}

function storedWork(work: WorkDocument): StoredWork {
  const [, , stage = ''] = work._id.split('/');
  const { revision, state, model, recipe, usage, costUsd, attempts, result, updatedAt } = work;
  return {
    ...{ stage, revision, state, model, recipe, usage, costUsd, attempts },
    result: result === null ? null : readStored(resultText, result),
    updatedAt: updatedAt.toISOString(),
  };
}
