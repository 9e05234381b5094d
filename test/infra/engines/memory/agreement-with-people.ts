import type { AgreementWithPeople } from '../../../../src/stages/store/shadow-repository.ts';
import type { MemoryRow, MemoryTables } from './tables.ts';

/** With whom people went where a shadow and the live judge differ: by the last decision that stands, up to the next verdict. */
export function agreementWithPeopleOf(tables: MemoryTables, shadow: string): AgreementWithPeople {
  const verdicts = [...tables.rows('shadow_verdicts').values()].filter((row) => row['shadow'] === shadow);
  const decisions = [...tables.rows('decisions').values()];
  const isSame = (one: MemoryRow, other: MemoryRow) =>
    one['lane'] === other['lane'] && one['questionId'] === other['questionId'];
  const revisionOf = (row: MemoryRow | undefined) => Number(row?.['revision']);
  const sides = verdicts
    .filter((verdict) => verdict['agrees'] === false)
    .flatMap((verdict) => {
      const revision = revisionOf(verdict);
      const about = decisions.filter((each) => isSame(each, verdict) && revisionOf(each) >= revision);
      if (!about.some((each) => revisionOf(each) === revision)) return [];
      const others = verdicts.filter((each) => isSame(each, verdict) && revisionOf(each) > revision);
      const next = Math.min(Number.POSITIVE_INFINITY, ...others.map(revisionOf));
      const standing = about
        .filter((each) => each['undone'] === false && each['verdict'] !== 'undo' && revisionOf(each) < next)
        .toSorted((a, b) => revisionOf(a) - revisionOf(b))
        .at(-1);
      if (standing === undefined) return [];
      return [(standing['verdict'] === 'approve') === (verdict['live'] === 'approved')];
    });
  return { withLive: sides.filter(Boolean).length, withShadow: sides.filter((side) => !side).length };
}
