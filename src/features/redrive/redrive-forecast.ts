import type { DeadLetterQuery, DeadLetterRepository } from '../../stages/store/dead-letter-repository.ts';
import type { Attempt } from '../../streams/work/work.ts';

/** What sending dead letters again would mean. Costs are in US dollars, by what their calls have cost so far. */
export type RedriveForecast = Readonly<{
  letters: number;
  /** If one call is enough for each. */
  leastUsd: number;
  /** If each takes as many calls as the last time. */
  mostUsd: number;
  /** Dead letters whose calls have no known price, or that never got as far as a call. */
  unpriced: number;
}>;

/** Sends nothing. */
export async function redriveForecast(
  deadLetters: DeadLetterRepository,
  query: DeadLetterQuery,
): Promise<RedriveForecast> {
  const sum = { letters: 0, leastUsd: 0, mostUsd: 0, unpriced: 0 };
  for await (const { attempts, drive } of deadLetters.list({ ...query, lives: ['open'] })) {
    sum.letters += 1;
    const known = attempts.filter(isPaid).flatMap(({ costUsd }) => costUsd ?? []);
    const spent = known.reduce((total, cost) => total + cost, 0);
    if (known.length === 0) sum.unpriced += 1;
    else sum.leastUsd += spent / known.length;
    sum.mostUsd += spent / (drive + 1);
  }
  return { ...sum, mostUsd: Math.max(sum.leastUsd, sum.mostUsd) };
}

/** A call that brought an answer; the others cost nothing that is known. */
const isPaid = ({ model }: Attempt): boolean => model !== '';
