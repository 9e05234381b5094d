import { z } from 'zod';
import { NO_USAGE } from '../../../../streams/failure.ts';
import type { QuestionId } from '../../../../streams/work/work.ts';
import { usageSchema } from '../../../example.ts';
import { questionKey } from '../../question-key.ts';
import type { History, NamedQuestion, StoredWork } from '../../store.ts';
import { inStreamOrder } from '../../stream-order.ts';
import { branded, jsonText, readStored } from '../../table/read-stored.ts';
import { attemptSchema } from '../../table/schemas.ts';
import { type Tables, tableOf } from '../../table/table.ts';
import type { DeadLetters } from '../dead-letters.ts';
import { QUESTIONS, questionRow, SUBMISSIONS } from './question-tables.ts';
import { submissionsIn } from './submissions.ts';

const MOST = 20;
/** Each run that asks a question again under its id is one more. */
const MOST_ASKED = 1_000;

/** The works of paid stages, by their WorkId. */
const WORKS = ['research', 'generations', 'reviews', 'works'].map((name) =>
  tableOf(
    name,
    { id: 'text', revision: 'number', state: 'word', model: 'text', recipe: 'text', costUsd: 'number' },
    { usage: 'json', attempts: 'json', result: 'text', updatedAt: 'time' },
  ),
);

const workRow = z
  .object({
    id: z.string(),
    revision: z.number(),
    state: z.string(),
    model: z.string(),
    recipe: z.string(),
    usage: usageSchema.nullable(),
    costUsd: z.number().nullable(),
    attempts: z.array(attemptSchema),
    result: jsonText(z.unknown()).nullable(),
    updatedAt: z.string(),
  })
  .transform(({ id, usage, ...work }): StoredWork => {
    const [, , stage = ''] = id.split('/');
    return { stage, usage: usage ?? NO_USAGE, ...work };
  });
const namedRow = z
  .object({ userId: z.string(), questionId: branded<QuestionId>() })
  .transform((named): NamedQuestion => named);

type Question = z.output<typeof questionRow>;

/** Everything that is known of questions, lane by lane. */
export class Histories {
  readonly #tables: Tables;
  readonly #deadLetters: DeadLetters;

  constructor(tables: Tables, deadLetters: DeadLetters) {
    this.#tables = tables;
    this.#deadLetters = deadLetters;
  }

  async beginningWith(idPrefix: string): Promise<readonly History[]> {
    const where = { questionId: { startsWith: idPrefix } };
    const first = await this.#tables.page(QUESTIONS, { where, order: ['questionId'], limit: MOST });
    const ids = [...new Set(first.map((row) => readStored(questionRow, row).questionId))];
    const rows = await this.#tables.page(QUESTIONS, { where: { questionId: { in: ids } } });
    const found = rows.map((row) => readStored(questionRow, row)).toSorted(newestLaneFirst);
    return Promise.all(found.slice(0, MOST).map((each) => this.#history(each)));
  }

  /** In the order of the ids that their askers gave them. */
  async namedBy(beginning: string): Promise<readonly NamedQuestion[]> {
    const where = { userId: { startsWith: beginning } };
    const page = { where, order: ['userId', 'questionId'], limit: MOST_ASKED } as const;
    const rows = await this.#tables.page(SUBMISSIONS, page);
    const named = rows.map((row) => readStored(namedRow, row));
    const once = new Map(named.map((each) => [`${each.questionId} ${each.userId}`, each]));
    return [...once.values()].slice(0, MOST);
  }

  async #history({ lane, questionId, status, question }: Question): Promise<History> {
    const asked = await submissionsIn(this.#tables, { where: { questionId, lane } });
    const works = await Promise.all(
      WORKS.map((table) => this.#worksIn(table, questionKey({ lane, questionId }))),
    );
    return {
      ...{ lane, questionId, status, question },
      submissions: asked.map(({ submission }) => submission),
      works: inStreamOrder(works.flat()),
      deadLetters: await this.#deadLetters.ofQuestion(lane, questionId),
    };
  }

  async #worksIn(table: (typeof WORKS)[number], key: string): Promise<readonly StoredWork[]> {
    const rows = await this.#tables.page(table, { where: { id: { startsWith: `${key}/` } } });
    return rows
      .map((row) => readStored(workRow, row))
      .toSorted((one, other) => one.revision - other.revision);
  }
}

function newestLaneFirst(one: Question, other: Question): number {
  if (one.questionId !== other.questionId) return one.questionId < other.questionId ? -1 : 1;
  return one.arrived > other.arrived ? -1 : 1;
}
