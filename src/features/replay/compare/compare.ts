import type { Review } from '../../../stages/example.ts';
import type { QuestionOfLane } from '../../../stages/store/store.ts';

/** A question's end in one lane. */
export type LaneVerdict = Readonly<{ status: string; review: Review | undefined }>;

/** A question that stands in both lanes. */
export type Compared = Readonly<{ questionId: string; text: string; a: LaneVerdict; b: LaneVerdict }>;

export type ComparedPair =
  | Readonly<{ kind: 'both'; compared: Compared }>
  | Readonly<{ kind: 'only-a' }>
  | Readonly<{ kind: 'only-b' }>;

/** Joins two lanes, both ordered by question id: memory does not grow with them. */
export async function* compareLanes(
  laneA: AsyncIterable<QuestionOfLane>,
  laneB: AsyncIterable<QuestionOfLane>,
): AsyncGenerator<ComparedPair> {
  const [as, bs] = [laneA[Symbol.asyncIterator](), laneB[Symbol.asyncIterator]()];
  try {
    let [a, b] = [await next(as), await next(bs)];
    while (a !== undefined || b !== undefined) {
      if (a !== undefined && a.questionId === b?.questionId) {
        yield { kind: 'both', compared: comparedOf(a, b) };
        [a, b] = [await next(as), await next(bs)];
      } else if (b === undefined || (a !== undefined && a.questionId < b.questionId)) {
        yield { kind: 'only-a' };
        a = await next(as);
      } else {
        yield { kind: 'only-b' };
        b = await next(bs);
      }
    }
  } finally {
    await Promise.all([as.return?.(), bs.return?.()]);
  }
}

async function next<T>(iterator: AsyncIterator<T>): Promise<T | undefined> {
  const { done, value } = await iterator.next();
  return done === true ? undefined : value;
}

function comparedOf(a: QuestionOfLane, b: QuestionOfLane): Compared {
  const { questionId, question } = a;
  const verdictOf = ({ status, review }: QuestionOfLane) => ({ status, review });
  return { questionId, text: question.text, a: verdictOf(a), b: verdictOf(b) };
}

/** Whether the two lanes came to different ends. */
export function isDifferent({ a, b }: Compared): boolean {
  return a.status !== b.status;
}
