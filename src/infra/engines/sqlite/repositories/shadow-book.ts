import type { StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { type Lane, laneSchema } from '../../../../stages/lanes/lane.ts';
import {
  type DisagreementPage,
  type DisagreementQuery,
  passesSchema,
  type ShadowBook,
  type ShadowCount,
  type ShadowVerdict,
  type Sided,
  shadowVerdictSchema,
} from '../../../../stages/store/shadow-book.ts';
import { placeOf, placeText } from '../../../../stages/store/table/place.ts';
import { jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import type { LaneName, QuestionId } from '../../../../streams/work/work.ts';
import type { Database } from '../database.ts';
import { questionKey } from '../work/question-table.ts';
import { forgottenMarks } from './forgotten-marks.ts';

const laneRow = z.object({ lane: jsonText(laneSchema) });
const saidRow = z.object({ said: jsonText(shadowVerdictSchema) });
const countRow = z.object({
  day: z.string(),
  live: passesSchema,
  verdict: passesSchema,
  count: z.number(),
  scoreDifference: z.number(),
});
const sidedRow = z.object({ withLive: z.number(), withShadow: z.number() });
/** After every text that a time or an id may be. */
const LAST = '\u{10ffff}';

/**
 * The last decision that stands, of each verdict whose candidate was decided: from the decision on its own revision, through
 * what took it back, up to the shadow's next verdict. Ids end with the revision as text, which is no order: the range is of
 * the question, and the order of the column.
 */
const LAST_DECISION = `
SELECT d.verdict FROM decisions d
WHERE d.id >= s.lane || '/' || s.question_id || '/' AND d.id < s.lane || '/' || s.question_id || '0'
  AND d.revision >= s.revision AND d.undone = 0 AND d.verdict <> 'undo'
  AND NOT EXISTS (
    SELECT 1 FROM shadow_verdicts later
    WHERE later.id >= s.lane || '/' || s.question_id || '/' || s.shadow || '/'
      AND later.id < s.lane || '/' || s.question_id || '/' || s.shadow || '0'
      AND later.revision > s.revision AND later.revision <= d.revision
  )
ORDER BY d.revision DESC LIMIT 1`;
const SIDED = `
WITH decided AS MATERIALIZED (
  SELECT s.live, (${LAST_DECISION}) AS verdict
  FROM shadow_verdicts s JOIN decisions own ON own.id = s.lane || '/' || s.question_id || '/' || s.revision
  WHERE s.shadow = ? AND s.live <> s.verdict
)
SELECT count(*) FILTER (WHERE (verdict = 'approve') = (live = 'approved')) AS withLive,
  count(*) FILTER (WHERE (verdict = 'approve') <> (live = 'approved')) AS withShadow
FROM decided`;

/** What shadow judges said, by `lane/questionId/shadow/revision`: all of a question in one range. */
export class SqliteShadowBook implements ShadowBook {
  readonly #db: Database;
  readonly #put: StatementSync;
  readonly #isForgotten: (questionId: string) => boolean;

  constructor(db: Database) {
    this.#db = db;
    this.#isForgotten = forgottenMarks(db);
    this.#put = db.prepare(
      `INSERT OR REPLACE INTO shadow_verdicts
         (id, shadow, lane, question_id, revision, live, verdict, difference, day, at, said)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  async keep(said: ShadowVerdict): Promise<void> {
    const { shadow, lane, questionId, revision, live, verdict, at } = said;
    const whose = [idOf(said), shadow, lane, questionId, revision] as const;
    const what = [live, verdict, said.score - said.liveScore, at.slice(0, 10), at] as const;
    await this.#db.write(() => {
      if (!this.#isForgotten(questionId)) this.#put.run(...whose, ...what, JSON.stringify(said));
    });
  }

  async shadows(): Promise<readonly Lane[]> {
    const rows = this.#db.prepare("SELECT lane FROM lanes WHERE lane ->> '$.shadow' ORDER BY name").all();
    return rows.map((row) => readStored(laneRow, row).lane);
  }

  async counts(shadow: string, sinceDay: string): Promise<readonly ShadowCount[]> {
    const rows = this.#db
      .prepare(
        `SELECT day, live, verdict, count(*) AS count, sum(difference) AS scoreDifference FROM shadow_verdicts
         WHERE shadow = ? AND day >= ? GROUP BY day, live, verdict ORDER BY day, live, verdict`,
      )
      .all(shadow, sinceDay);
    return rows.map((row) => readStored(countRow, row));
  }

  async disagreements({ shadow, from, limit }: DisagreementQuery): Promise<DisagreementPage> {
    const before = from === undefined ? { at: LAST, id: LAST } : placeOf(from);
    const rows = this.#db
      .prepare(
        `SELECT said FROM shadow_verdicts WHERE shadow = ? AND live <> verdict AND (at, id) < (?, ?)
         ORDER BY at DESC, id DESC LIMIT ?`,
      )
      .all(shadow, before.at, before.id, limit);
    const verdicts = rows.map(verdictOf);
    const last = verdicts.length < limit ? undefined : verdicts.at(-1);
    const next = last === undefined ? undefined : placeText({ at: last.at, id: idOf(last) });
    return { verdicts, next };
  }

  async verdictsOn(lane: LaneName, questionId: QuestionId): Promise<readonly ShadowVerdict[]> {
    const key = questionKey({ lane, questionId });
    const rows = this.#db
      .prepare('SELECT said FROM shadow_verdicts WHERE id >= ? AND id < ? ORDER BY revision, shadow')
      // `0` follows `/` in the order of bytes.
      .all(`${key}/`, `${key}0`);
    return rows.map(verdictOf);
  }

  async sided(shadow: string): Promise<Sided> {
    return readStored(sidedRow, this.#db.prepare(SIDED).get(shadow));
  }
}

function idOf(verdict: ShadowVerdict): string {
  return `${questionKey(verdict)}/${verdict.shadow}/${verdict.revision}`;
}

function verdictOf(row: unknown): ShadowVerdict {
  return readStored(saidRow, row).said;
}
