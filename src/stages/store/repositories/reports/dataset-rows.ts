import type { LaneName } from '../../../../streams/work/work.ts';
import { questionKey } from '../../question-key.ts';
import type { DatasetQuery, DatasetRow } from '../../store.ts';
import { pagesOf } from '../../table/pages.ts';
import { readStored } from '../../table/read-stored.ts';
import type { Tables } from '../../table/table.ts';
import { OUTCOMES, outcomeRow } from './question-tables.ts';
import { firstsOf, submissionsIn, submissionsOfRun } from './submissions.ts';

type Verdict = DatasetQuery['verdict'];

/** The outcomes of a lane with who asked: in the order of a run's input, else in that of arrival. */
export function outcomeRows(
  tables: Tables,
  { lane, run, verdict }: DatasetQuery,
): AsyncGenerator<DatasetRow> {
  return run === undefined
    ? inOrderOfArrival(tables, lane, verdict)
    : inOrderOfInput(tables, run, { lane, verdict });
}

/** Those of the outcomes that stand, by lane and question. */
export async function outcomesOf(tables: Tables, verdict: Verdict, keys: readonly string[]) {
  const where = { id: { in: keys } };
  const rows = keys.length === 0 ? [] : await tables.page(OUTCOMES[verdict], { where });
  return new Map(rows.map((row) => readStored(outcomeRow, row)).map(({ id, example }) => [id, example]));
}

/** Each with the first run that asked, in whatever lane: who asks again changes no row. Ids of runs begin with when they were. */
async function* inOrderOfArrival(
  tables: Tables,
  lane: LaneName,
  verdict: Verdict,
): AsyncGenerator<DatasetRow> {
  const query = { where: { lane }, order: ['arrived', 'id'] } as const;
  for await (const rows of pagesOf(tables, OUTCOMES[verdict], query)) {
    const outcomes = rows.map((row) => readStored(outcomeRow, row));
    const questionId = { in: outcomes.map((each) => each.questionId) };
    const asked = await submissionsIn(tables, { where: { questionId } });
    const latestFirst = asked.toSorted((one, other) => (one.submission.run < other.submission.run ? 1 : -1));
    const askers = new Map(latestFirst.map((each) => [each.questionId, each.submission]));
    for (const each of outcomes) yield { example: each.example, submission: askers.get(each.questionId) };
  }
}

async function* inOrderOfInput(
  tables: Tables,
  run: string,
  { lane, verdict }: Pick<DatasetQuery, 'lane' | 'verdict'>,
): AsyncGenerator<DatasetRow> {
  for await (const asked of submissionsOfRun(tables, run)) {
    const firsts = await firstsOf(tables, run, asked);
    const keyOf = ({ questionId }: (typeof firsts)[number]) => questionKey({ lane, questionId });
    const outcomes = await outcomesOf(tables, verdict, firsts.map(keyOf));
    for (const first of firsts) {
      const example = outcomes.get(keyOf(first));
      if (example !== undefined) yield { example, submission: first.submission };
    }
  }
}
