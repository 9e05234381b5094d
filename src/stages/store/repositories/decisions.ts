import { z } from 'zod';
import type { LaneName, QuestionId, WorkKey } from '../../../streams/work/work.ts';
import { type Decision, decisionSchema } from '../decision.ts';
import { questionKey } from '../question-key.ts';
import type {
  DecidedCount,
  DecisionPage,
  DecisionQuery,
  StoredDecision,
} from '../review-queue-repository.ts';
import { nextPlace, pagePlaceOf } from '../table/place.ts';
import { branded, jsonText, readStored } from '../table/read-stored.ts';
import { type Change, insert, type Page, type Tables, tableOf, update } from '../table/table.ts';

/** What people decided, by `lane/questionId/revision`. */
const DECISIONS = tableOf(
  'decisions',
  {
    ...{
      id: 'text',
      lane: 'text',
      questionId: 'text',
      revision: 'number',
      reviewer: 'text',
      verdict: 'text',
    },
    ...{ judge: 'text', at: 'text', decision: 'text', undone: 'flag' },
  },
  { day: 'text' },
);

type DecisionsPage = Page<(typeof DECISIONS)['fields'] & (typeof DECISIONS)['computed']>;

const keptRow = z.object({ decision: jsonText(decisionSchema) });
const decisionRow = z
  .object({
    lane: branded<LaneName>(),
    questionId: branded<QuestionId>(),
    revision: z.number(),
    decision: jsonText(decisionSchema),
    undone: z.boolean(),
  })
  .transform(({ decision, ...row }): StoredDecision => ({ ...row, ...decision }));
const countRow = z.object({
  day: z.string(),
  judge: z.enum(['approved', 'rejected']),
  verdict: z.enum(['approve', 'reject', 'edit']),
  count: z.number(),
});

/** What people decided. */
export class Decisions {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /**
   * Keeps the decision on a revision, with `others` in one go. The first one counts: resolves with the one that stands, or with
   * the same where the question is forgotten.
   */
  async keep(work: WorkKey, decision: Decision, others: readonly Change[]): Promise<Decision> {
    const { lane, questionId, revision } = work;
    const key = questionKey(work);
    const { reviewer, verdict, judge, at } = decision;
    const said = { reviewer, verdict, judge, at, decision: JSON.stringify(decision), undone: false };
    const row = { id: `${key}/${revision}`, lane, questionId, revision, ...said };
    await this.#tables.write([insert(DECISIONS, row), ...others], [questionId]);
    const kept = await this.#tables.get(DECISIONS, row.id);
    const existing = kept === undefined ? decision : readStored(keptRow, kept).decision;
    const undone = update(DECISIONS, { id: `${key}/${revision - 1}` }, { undone: true });
    if (existing.verdict === 'undo') await this.#tables.write([undone], [questionId]);
    return existing;
  }

  /** All about one question, the oldest first. */
  async on(lane: LaneName, questionId: QuestionId): Promise<readonly StoredDecision[]> {
    const where = { id: { startsWith: `${questionKey({ lane, questionId })}/` } };
    return this.#read({ where, order: ['revision'] });
  }

  /** The newest first. */
  async page({ lane, reviewer, from, limit }: DecisionQuery): Promise<DecisionPage> {
    const after = from === undefined ? undefined : pagePlaceOf(from);
    const decisions = await this.#read({
      where: { lane, reviewer },
      order: ['at', 'id'],
      reverse: true,
      after: after && [after.at, after.id],
      limit,
    });
    const place = (last: StoredDecision) => ({ at: last.at, id: `${questionKey(last)}/${last.revision}` });
    return { decisions, next: nextPlace(decisions, limit, place) };
  }

  async counts(lane: LaneName, sinceDay: string): Promise<readonly DecidedCount[]> {
    const where = { lane, at: { gte: sinceDay }, undone: false, verdict: { not: 'undo' } };
    const rows = await this.#tables.tally(DECISIONS, { where, by: ['day', 'judge', 'verdict'] });
    const counts = rows.map((row) => readStored(countRow, row));
    return counts.toSorted((a, b) => (a.day < b.day ? -1 : Number(a.day > b.day)));
  }

  async #read(page: DecisionsPage): Promise<readonly StoredDecision[]> {
    return (await this.#tables.page(DECISIONS, page)).map((row) => readStored(decisionRow, row));
  }
}
