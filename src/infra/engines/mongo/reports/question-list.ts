import type { Document, Filter } from 'mongodb';
import { z } from 'zod';
import { reviewSchema } from '../../../../stages/example.ts';
import { revisionOfRank } from '../../../../stages/status.ts';
import type {
  ListedQuestion,
  ListPage,
  ListQuery,
  QuestionList,
} from '../../../../stages/store/question-list.ts';
import { branded, jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import { Failure } from '../../../../streams/failure.ts';
import type { LaneName, QuestionId } from '../../../../streams/work/work.ts';
import type { Collections } from '../collections.ts';
import type { QuestionDocument } from '../documents.ts';
import { operation } from '../operation.ts';
import { storedQuestionOf } from '../work/question-documents.ts';

const WINDOW = 500;

const rowSchema = z.object({
  _id: z.string(),
  questionId: branded<QuestionId>(),
  lane: branded<LaneName>(),
  question: z.string(),
  status: z.string(),
  rank: z.number(),
  addedAt: z.date(),
  updatedAt: z.date(),
});
type Row = z.output<typeof rowSchema>;

const reviewRow = z.object({ _id: z.string(), model: z.string(), result: jsonText(reviewSchema) });
type ReviewOf = (row: Row) => ListedQuestion['review'];

export class MongoQuestionList implements QuestionList {
  readonly #collections: Collections;

  constructor(collections: Collections) {
    this.#collections = collections;
  }

  async page({ lane, status, from }: ListQuery): Promise<ListPage> {
    const filter: Filter<QuestionDocument> = { lane, ...(from === undefined ? {} : olderThan(from)) };
    return operation('listing questions', async () => {
      const window = await this.#collections.questions
        .find(filter, { projection: { runs: 0 } })
        .sort({ addedAt: -1, _id: -1 })
        .limit(WINDOW)
        .toArray();
      const rows = window.map((row) => readStored(rowSchema, row));
      const wanted = rows.filter((row) => status === undefined || row.status === status);
      const reviewOf = await this.#reviewsOf(wanted);
      const last = rows.length < WINDOW ? undefined : rows.at(-1);
      return {
        questions: wanted.map((row) => listed(row, reviewOf)),
        next: last === undefined ? undefined : `${last.addedAt.getTime()}~${last._id}`,
      };
    });
  }

  async #reviewsOf(rows: readonly Row[]): Promise<ReviewOf> {
    const query: Document = { _id: { $in: rows.map(reviewKey) }, state: 'done' };
    const found = await this.#collections.reviews
      .find(query, { projection: { model: 1, result: 1 } })
      .toArray();
    const reviews = new Map(found.map((each) => readStored(reviewRow, each)).map((each) => [each._id, each]));
    return (row) => {
      const review = reviews.get(reviewKey(row));
      return review === undefined ? undefined : { score: review.result.score, model: review.model };
    };
  }
}

function reviewKey({ _id, rank }: Row): string {
  return `${_id}/review/${revisionOfRank(rank)}`;
}

function listed(row: Row, reviewOf: ReviewOf): ListedQuestion {
  const { questionId, lane, question, status, rank, updatedAt } = row;
  return {
    ...{ questionId, lane, question: storedQuestionOf(question), status, revision: revisionOfRank(rank) },
    review: reviewOf(row),
    updatedAt: updatedAt.toISOString(),
  };
}

function olderThan(place: string): Filter<QuestionDocument> {
  const [, at = '', id = ''] = /^(\d{1,15})~(.{1,400})$/.exec(place) ?? [];
  if (id === '')
    throw new Failure('poison', 'bad_place', `No page ends at ${JSON.stringify(place.slice(0, 40))}.`);
  const addedAt = new Date(Number(at));
  return { $or: [{ addedAt: { $lt: addedAt } }, { addedAt, _id: { $lt: id } }] };
}
