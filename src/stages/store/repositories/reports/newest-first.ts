import { z } from 'zod';
import type { LaneName, QuestionId } from '../../../../streams/work/work.ts';
import { reviewSchema } from '../../../example.ts';
import { questionSchema } from '../../../question.ts';
import { revisionOfRank } from '../../../status.ts';
import type { ListedQuestion, ListPage, ListQuery, QuestionList } from '../../question-list.ts';
import { badPlace, nextPlace, pagePlaceOf } from '../../table/place.ts';
import { branded, jsonText, readStored } from '../../table/read-stored.ts';
import { type Tables, tableOf } from '../../table/table.ts';
import { QUESTIONS } from './question-tables.ts';

/** So many are looked at for a page, however few of them are meant. */
const WINDOW = 500;

/** Narrow: a question can be long, and is read only where it is meant. */
const IN_WINDOW = tableOf('questions', { id: 'text', lane: 'text', status: 'word' }, { arrived: 'time' });
const LISTED = tableOf('questions', QUESTIONS.fields, { updatedAt: 'time' });
const REVIEWS = tableOf('reviews', { id: 'text', state: 'word', model: 'text' }, { result: 'text' });

const windowRow = z.object({
  ...{ id: z.string(), lane: z.string(), status: z.string() },
  arrived: z.union([z.number(), z.string()]),
});
type InWindow = z.output<typeof windowRow>;
const listedRow = z.object({
  ...{ id: z.string(), lane: branded<LaneName>(), questionId: branded<QuestionId>() },
  ...{ question: jsonText(questionSchema), status: z.string(), rank: z.number(), updatedAt: z.string() },
});
type Listed = z.output<typeof listedRow>;
const reviewRow = z.object({ id: z.string(), model: z.string(), result: jsonText(reviewSchema) });

/** The list of questions, from windows over the order in which they arrived. */
export class NewestFirst implements QuestionList {
  readonly #tables: Tables;
  readonly #inOrder: 'each lane' | 'all lanes';

  /** @param inOrder what the store has in that order: the questions of each lane, or those of all lanes together. */
  constructor(tables: Tables, inOrder: 'each lane' | 'all lanes' = 'each lane') {
    this.#tables = tables;
    this.#inOrder = inOrder;
  }

  async page({ lane, status, from }: ListQuery): Promise<ListPage> {
    const after = from === undefined ? undefined : arrivalOf(from);
    const order = ['arrived', 'id'] as const;
    const where = this.#inOrder === 'each lane' ? { lane } : {};
    const page = { where, order, reverse: true, after, limit: WINDOW };
    const window = (await this.#tables.page(IN_WINDOW, page)).map((row) => readStored(windowRow, row));
    const isMeant = (each: Pick<InWindow, 'lane' | 'status'>) =>
      each.lane === lane && (status === undefined || each.status === status);
    const ids = window.filter(isMeant).map(({ id }) => id);
    return {
      questions: ids.length === 0 ? [] : (await this.#listed(ids)).filter(isMeant),
      next: nextPlace(window, WINDOW, ({ arrived, id }) => ({ at: String(arrived), id })),
    };
  }

  /** In the same order, as they stand now. */
  async #listed(ids: readonly string[]): Promise<readonly ListedQuestion[]> {
    const rows = await this.#tables.page(LISTED, { where: { id: { in: ids } } });
    const questions = new Map(rows.map((row) => readStored(listedRow, row)).map((each) => [each.id, each]));
    const reviews = await this.#reviewsOf([...questions.values()]);
    const inOrder = ids.flatMap((id) => questions.get(id) ?? []);
    return inOrder.map(({ id, rank, ...listed }) => {
      return { ...listed, revision: revisionOfRank(rank), review: reviews.get(reviewIdOf({ id, rank })) };
    });
  }

  /** Of the latest revisions, by the id of the review. */
  async #reviewsOf(questions: readonly Listed[]): Promise<ReadonlyMap<string, ListedQuestion['review']>> {
    const where = { id: { in: questions.map(reviewIdOf) }, state: 'done' };
    const rows = await this.#tables.page(REVIEWS, { where });
    const reviews = rows.map((row) => readStored(reviewRow, row));
    return new Map(reviews.map(({ id, model, result }) => [id, { score: result.score, model }]));
  }
}

function reviewIdOf({ id, rank }: Pick<Listed, 'id' | 'rank'>): string {
  return `${id}/review/${revisionOfRank(rank)}`;
}

/** A number or a time: stores keep the order of arrival as either. */
function arrivalOf(place: string): readonly unknown[] {
  const { at, id } = pagePlaceOf(place);
  const arrived = /^\d{1,15}$/.test(at) ? Number(at) : at;
  if (Number.isNaN(new Date(arrived).getTime())) throw badPlace(place);
  return [arrived, id];
}
