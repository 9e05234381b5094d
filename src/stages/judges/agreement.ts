import type { DecidedCount } from '../store/review-queue-repository.ts';

/** How far people and judge agree about candidates. `undefined` where too little was decided to say. */
export type Agreement = Readonly<{
  decided: number;
  agreed: number;
  accuracy: number | undefined;
  kappa: number | undefined;
}>;

/**
 * Of decisions that nobody took back. An edit counts as a rejection: the candidate that the judge saw was not good enough.
 * Kappa is the agreement beyond chance, (p_o - p_e) / (1 - p_e): 1 is full agreement, 0 what chance alone would give (J.
 * Cohen, "A coefficient of agreement for nominal scales", 1960). Where chance alone must agree there is none.
 */
export function agreementOf(counts: readonly Omit<DecidedCount, 'day'>[]): Agreement {
  const of = (judge: DecidedCount['judge'], approves: boolean) =>
    counts
      .filter((each) => each.judge === judge && (each.verdict === 'approve') === approves)
      .reduce((sum, { count }) => sum + count, 0);
  return agreementIn({
    both: of('approved', true),
    neither: of('rejected', false),
    firstOnly: of('approved', false),
    secondOnly: of('rejected', true),
  });
}

/** How many candidates two who judge let pass: both, neither, or one of them alone. */
export type Fourfold = Readonly<{ both: number; neither: number; firstOnly: number; secondOnly: number }>;

/** The same of any two who judge. */
export function agreementIn({ both, neither, firstOnly, secondOnly }: Fourfold): Agreement {
  const decided = both + neither + firstOnly + secondOnly;
  const agreed = both + neither;
  if (decided === 0) return { decided, agreed, accuracy: undefined, kappa: undefined };
  const observed = agreed / decided;
  const firstApproves = (both + firstOnly) / decided;
  const secondApproves = (both + secondOnly) / decided;
  const chance = firstApproves * secondApproves + (1 - firstApproves) * (1 - secondApproves);
  const kappa = chance === 1 ? undefined : (observed - chance) / (1 - chance);
  return { decided, agreed, accuracy: observed, kappa };
}

/** What is made of the counts of each day that has some, in order. */
export function byDay<Count extends Readonly<{ day: string }>, Made>(
  counts: readonly Count[],
  of: (counts: readonly Count[]) => Made,
): readonly (Made & Readonly<{ day: string }>)[] {
  const days = [...Map.groupBy(counts, ({ day }) => day)];
  return days.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([day, each]) => ({ day, ...of(each) }));
}

/** The same for each day that has decisions, in order. */
export const agreementByDay = (counts: readonly DecidedCount[]) => byDay(counts, agreementOf);
