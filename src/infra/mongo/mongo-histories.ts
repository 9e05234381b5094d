import { z } from 'zod';
import { AGENT_STAGES, type AgentStage } from '../../stages/stage-names.ts';
import type { History, StoredWork } from '../../stages/store.ts';
import { jsonText, readStored } from '../stored/read-stored.ts';
import { type Collections, worksOf } from './collections.ts';
import {
  type QuestionDocument,
  questionDocumentSchema,
  type WorkDocument,
  workDocumentSchema,
} from './documents.ts';
import type { MongoDeadLetters } from './mongo-dead-letters.ts';
import { operation } from './operation.ts';
import { questionOf, submissionOf } from './question-documents.ts';

const MOST = 20;

const resultText = jsonText(z.unknown());

/** Everything that is known of a question, lane by lane. */
export class MongoHistories {
  readonly #collections: Collections;
  readonly #deadLetters: MongoDeadLetters;

  constructor(collections: Collections, deadLetters: MongoDeadLetters) {
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

  async #history({ lane, questionId, status, question }: QuestionDocument): Promise<History> {
    const submissions = await this.#collections.submissions.find({ questionId, lane }).toArray();
    const works = await Promise.all(AGENT_STAGES.map((stage) => this.#works(stage, lane, questionId)));
    return {
      ...{ lane, questionId, status, question: questionOf(question) },
      submissions: submissions.map(submissionOf),
      works: works.flat(),
      deadLetters: await this.#deadLetters.ofQuestion(lane, questionId),
    };
  }

  async #works(stage: AgentStage, lane: string, questionId: string): Promise<StoredWork[]> {
    const range = { $gte: `${lane}/${questionId}/`, $lt: `${lane}/${questionId}0` };
    const found = await worksOf(this.#collections, stage)
      .find({ _id: range })
      .sort({ revision: 1 })
      .toArray();
    return found.map((each) => storedWork(stage, readStored(workDocumentSchema, each)));
  }
}

function storedWork(stage: AgentStage, work: WorkDocument): StoredWork {
  const { revision, state, model, recipe, usage, costUsd, attempts, result, updatedAt } = work;
  return {
    ...{ stage, revision, state, model, recipe, usage, costUsd, attempts },
    result: result === null ? null : readStored(resultText, result),
    updatedAt: updatedAt.toISOString(),
  };
}
