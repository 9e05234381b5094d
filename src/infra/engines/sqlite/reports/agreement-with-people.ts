import { z } from 'zod';
import type { AgreementWithPeople } from '../../../../stages/store/shadow-repository.ts';
import { readStored } from '../../../../stages/store/table/read-stored.ts';
import type { Database } from '../database.ts';

const agreementRow = z.object({ withLive: z.number(), withShadow: z.number() });

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
const AGREEMENT = `
WITH decided AS MATERIALIZED (
  SELECT s.live, (${LAST_DECISION}) AS verdict
  FROM shadow_verdicts s JOIN decisions own ON own.id = s.lane || '/' || s.question_id || '/' || s.revision
  WHERE s.shadow = ? AND s.live <> s.verdict
)
SELECT count(*) FILTER (WHERE (verdict = 'approve') = (live = 'approved')) AS withLive,
  count(*) FILTER (WHERE (verdict = 'approve') <> (live = 'approved')) AS withShadow
FROM decided`;

/** With whom people went where a shadow judge and the live one differ. */
export async function readAgreementWithPeople(db: Database, shadow: string): Promise<AgreementWithPeople> {
  return readStored(agreementRow, db.prepare(AGREEMENT).get(shadow));
}
