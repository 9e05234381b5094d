import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Compared,
  type ComparedPair,
  compareLanes,
  isDifferent,
} from '../../../../src/features/replay/compare/compare.ts';
import { Comparison } from '../../../../src/features/replay/compare/comparison.ts';
import type { QuestionOfLane } from '../../../../src/stages/store/store.ts';
import { questionOf, reviewOf } from '../../../support/stage/stage-fixtures.ts';
import { questionId } from '../../../support/stage/work.ts';

type Verdict = 'approved' | 'rejected';

function questionWith(id: string, status: string): QuestionOfLane {
  const verdict = status === 'approved' || status === 'rejected' ? (status as Verdict) : undefined;
  const review = verdict === undefined ? undefined : reviewOf(verdict);
  return { questionId: questionId(id), question: questionOf({ text: id }), status, review };
}

async function* lane(rows: Readonly<Record<string, string>>): AsyncGenerator<QuestionOfLane> {
  for (const [id, status] of Object.entries(rows).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    yield questionWith(id, status);
}

async function compared(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>) {
  const pairs: ComparedPair[] = [];
  const comparison = new Comparison();
  for await (const pair of compareLanes(lane(a), lane(b))) {
    pairs.push(pair);
    comparison.add(pair);
  }
  return { pairs, totals: comparison.totals };
}

describe('two lanes side by side', () => {
  it('pair the questions of both, and count those of one alone', async () => {
    const { pairs, totals } = await compared(
      { a: 'approved', b: 'approved', d: 'rejected' },
      { b: 'rejected', c: 'approved', d: 'rejected' },
    );
    expect(pairs.map(({ kind }) => kind)).toEqual(['only-a', 'both', 'only-b', 'both']);
    expect(totals).toMatchObject({ questions: 2, onlyInA: 1, onlyInB: 1, judged: 2, agreement: 0.5 });
  });

  it('leave no question out, whatever the two lanes hold', async () => {
    const rows = fc.dictionary(fc.string(), fc.constantFrom('approved', 'rejected', 'generated'));
    await fc.assert(
      fc.asyncProperty(rows, rows, async (a, b) => {
        const { totals } = await compared(a, b);
        const both = Object.keys(a).filter((id) => Object.hasOwn(b, id)).length;
        expect(totals).toMatchObject({
          questions: both,
          onlyInA: Object.keys(a).length - both,
          onlyInB: Object.keys(b).length - both,
        });
      }),
    );
  });

  it('add up verdicts and mean scores over what has a verdict in both', async () => {
    const { totals } = await compared(
      { a: 'approved', b: 'approved', c: 'rejected', d: 'rejected', e: 'approved' },
      { a: 'approved', b: 'rejected', c: 'approved', d: 'rejected', e: 'generated' },
    );
    expect(totals).toMatchObject({
      ...{ questions: 5, judged: 4, agreement: 0.5 },
      ...{ approvedInBoth: 1, approvedOnlyInA: 1, approvedOnlyInB: 1, approvedInNeither: 1 },
    });
    expect(totals.means).toContainEqual({ criterion: 'correctness', a: 6, b: 6 });
    expect(totals.means[0]?.criterion).toBe('lowest score');
  });

  it('agree on nothing where nothing is judged', async () => {
    const { totals } = await compared({ a: 'generated' }, { a: 'approved' });
    expect(totals).toMatchObject({ judged: 0, agreement: undefined, means: [] });
  });

  it('differ where a question ended differently, or has not ended in one', () => {
    const pair = (a: string, b: string): Compared => ({
      ...{ questionId: 'q', text: 'q' },
      ...{ a: questionWith('q', a), b: questionWith('q', b) },
    });
    expect(isDifferent(pair('approved', 'rejected'))).toBe(true);
    expect(isDifferent(pair('approved', 'generated'))).toBe(true);
    expect(isDifferent(pair('rejected', 'rejected'))).toBe(false);
  });
});
