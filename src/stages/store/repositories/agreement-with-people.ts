import { z } from 'zod';
import type { LaneName, QuestionId } from '../../../streams/work/work.ts';
import { questionKey } from '../question-key.ts';
import { type AgreementWithPeople, passesSchema } from '../shadow-repository.ts';
import { inPages } from '../table/pages.ts';
import { branded, readStored } from '../table/read-stored.ts';
import { type Tables, tableOf } from '../table/table.ts';

/** Narrow: what was said and why is not read. */
const VERDICTS = tableOf('shadow_verdicts', {
  ...{ id: 'text', shadow: 'text', lane: 'text', questionId: 'text', revision: 'number', live: 'text' },
  ...{ agrees: 'flag' },
});
const DECISIONS = tableOf('decisions', {
  ...{ id: 'text', lane: 'text', questionId: 'text', revision: 'number', verdict: 'text', undone: 'flag' },
});

const about = { lane: branded<LaneName>(), questionId: branded<QuestionId>(), revision: z.number() };
const verdictRow = z.object({ ...about, shadow: z.string(), live: passesSchema, agrees: z.boolean() });
const decisionRow = z.object({ ...about, verdict: z.string(), undone: z.boolean() });
type Verdict = z.output<typeof verdictRow>;
type Decided = z.output<typeof decisionRow>;

const AT_ONCE = 500;

/**
 * With whom people went where a shadow and the live judge differ. It begins at what people decided: they decide little, and a
 * shadow says much.
 */
export async function agreementWithPeople(tables: Tables, shadow: string): Promise<AgreementWithPeople> {
  const decided = await decisionsByQuestion(tables);
  const ids = [...new Set([...decided.values()].flatMap(([first]) => first?.questionId ?? []))];
  const sum = { withLive: 0, withShadow: 0 };
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const rows = await tables.page(...verdictsAbout(ids.slice(from, from + AT_ONCE)));
    const verdicts = rows.map((row) => readStored(verdictRow, row));
    const own = verdicts.filter((verdict) => verdict.shadow === shadow);
    for (const [key, said] of Map.groupBy(own, questionKey))
      for (const verdict of said.filter(({ agrees }) => !agrees)) {
        const side = sideOf(verdict, said, decided.get(key) ?? []);
        if (side !== undefined) sum[side] += 1;
      }
  }
  return sum;
}

/** Those of all shadows, which are few: asked for one as well, SQLite looks through all that it ever said. */
export function verdictsAbout(questionIds: readonly string[]) {
  return [VERDICTS, { where: { questionId: { in: questionIds } } }] as const;
}

async function decisionsByQuestion(tables: Tables): Promise<ReadonlyMap<string, readonly Decided[]>> {
  const byQuestion = new Map<string, Decided[]>();
  for await (const row of inPages(tables, DECISIONS, { where: {}, order: ['id'], limit: AT_ONCE })) {
    const decision = readStored(decisionRow, row);
    const key = questionKey(decision);
    byQuestion.set(key, [...(byQuestion.get(key) ?? []), decision]);
  }
  return byQuestion;
}

/** By the last decision that stands of those up to the shadow's next verdict, where this one's candidate was decided at all. */
function sideOf(
  { revision, live }: Verdict,
  said: readonly Verdict[],
  decided: readonly Decided[],
): keyof AgreementWithPeople | undefined {
  if (!decided.some((each) => each.revision === revision)) return undefined;
  const next = Math.min(...said.map((each) => each.revision).filter((each) => each > revision));
  const last = decided
    .filter((each) => !each.undone && each.verdict !== 'undo')
    .filter((each) => each.revision >= revision && each.revision < next)
    .toSorted((one, other) => one.revision - other.revision)
    .at(-1);
  if (last === undefined) return undefined;
  return (last.verdict === 'approve') === (live === 'approved') ? 'withLive' : 'withShadow';
}
