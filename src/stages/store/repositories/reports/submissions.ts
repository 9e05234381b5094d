import { readStored } from '../../table/read-stored.ts';
import type { Page, Tables } from '../../table/table.ts';
import { SUBMISSIONS, type Submitted, submissionRow } from './question-tables.ts';

const AT_ONCE = 100;

/** Who asked what in a run, in the order of its input, some at a time: memory does not grow with the run. */
export async function* submissionsOfRun(tables: Tables, run: string): AsyncGenerator<readonly Submitted[]> {
  const order = ['position'] as const;
  for (let from = 0; ; ) {
    const asked = await submissionsIn(tables, {
      where: { run, position: { gte: from } },
      order,
      limit: AT_ONCE,
    });
    const last = asked.at(-1)?.submission.position;
    if (last === undefined || asked.length < AT_ONCE) return yield asked;
    // A question of several lanes stands several times at its place, which is not cut in two.
    const there = await submissionsIn(tables, { where: { run, position: last } });
    yield [...asked.filter(({ submission }) => submission.position < last), ...there];
    from = last + 1;
  }
}

/** Who asked, as a query of submissions finds them. */
export async function submissionsIn(
  tables: Tables,
  query: Page<(typeof SUBMISSIONS)['fields']>,
): Promise<readonly Submitted[]> {
  return (await tables.page(SUBMISSIONS, query)).map((row) => readStored(submissionRow, row));
}

/** Of these, those with which the run asked a question first: once, in however many lanes it asked it. */
export async function firstsOf(
  tables: Tables,
  run: string,
  asked: readonly Submitted[],
): Promise<readonly Submitted[]> {
  const questionIds = asked.map(({ questionId }) => questionId);
  const all = await submissionsIn(tables, { where: { run, questionId: { in: questionIds } } });
  const last = all.toSorted(inOrderOfInput).toReversed();
  const firsts = new Map(last.map((each) => [each.questionId, each]));
  return asked.toSorted(inOrderOfInput).filter(({ questionId, lane, submission }) => {
    const first = firsts.get(questionId);
    return first?.lane === lane && first.submission.position === submission.position;
  });
}

function inOrderOfInput(one: Submitted, other: Submitted): number {
  return one.submission.position - other.submission.position || (one.lane < other.lane ? -1 : 1);
}
