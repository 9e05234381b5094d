import { randomUUID } from 'node:crypto';
import { embeddingPriceOf } from '../../../infra/config/embedding-settings.ts';
import { isSimulated } from '../../../infra/config/model/is-simulated.ts';
import type { Settings } from '../../../infra/config/settings.ts';
import { highestCost, priceOf, pricesWith } from '../../../infra/models/prices.ts';
import type { Lane } from '../../../stages/lanes/lane.ts';
import { recipesByAgent } from '../../../stages/lanes/recipe.ts';
import type { StageName } from '../../../stages/stage-names.ts';
import { Allowance } from '../../../streams/budget/allowance.ts';
import { type Amount, type Limit, leftOf, limits } from '../../../streams/budget/amount.ts';
import { Budget, type BudgetScope, type BudgetState } from '../../../streams/budget/budget.ts';
import { CallEstimator, type HighestCost, unknownPrice } from '../../../streams/budget/call-estimate.ts';
import { DayAllowance } from '../../../streams/budget/day-allowance.ts';
import type { SpendingRepository } from '../../../streams/budget/spending-repository.ts';
import { Failure } from '../../../streams/failure.ts';
import type { Persist } from '../../../streams/work/persist.ts';

export type BudgetOptions = Readonly<{
  settings: Settings;
  simulated: boolean;
  lane: Lane;
  stages: readonly StageName[];
  spending: SpendingRepository;
  persist: Persist;
}>;

export type PricedOptions = Pick<BudgetOptions, 'settings' | 'simulated' | 'stages'> & Pick<Lane, 'recipes'>;

/** A budget as people see it. */
export type RunBudgetReading = Readonly<{
  state: BudgetState;
  run: Readonly<{ limit: Limit; spent: Amount; left: Limit }>;
  /** Of all processes together, on any one day. */
  dayLimit: Limit;
  /** Present where the day is limited and the store was asked. */
  day?: Readonly<{ day: string; limit: Limit; spent: Amount; left: Limit }> | undefined;
}>;

/**
 * What this session may spend. Throws a Failure (`bad_budget`) where money is limited and a model has no price: better
 * before the first call than in the middle.
 */
export function budgetOf({ settings, simulated, lane, stages, spending, persist }: BudgetOptions): Budget {
  const run = { tokens: settings.maxTokens, costUsd: settings.maxCost };
  const day = { tokens: settings.maxTokensPerDay, costUsd: settings.maxCostPerDay };
  const priced = isPriced(settings);
  const costOf = simulated ? () => 0 : costBy(settings);
  assertPriced({ settings, simulated, recipes: lane.recipes, stages });
  if (!simulated && lane.recipes.research.lookUp !== undefined) assertEmbeddingPriced(settings);
  return new Budget({
    run: new Allowance(run),
    day: new DayAllowance({ spending, holder: randomUUID(), limit: day, persist }),
    estimator: new CallEstimator(costOf, priced),
  });
}

function costBy(settings: Settings): HighestCost {
  const prices = pricesWith(settings.prices);
  return (model, inputTokens, outputTokens) => {
    const price = isSimulated(settings) ? undefined : priceOf(prices, model);
    return price === undefined ? undefined : highestCost(price, inputTokens, outputTokens);
  };
}

function isPriced({ maxCost, maxCostPerDay }: Settings): boolean {
  return maxCost !== undefined || maxCostPerDay !== undefined;
}

/** Throws a Failure (`bad_budget`) where money is limited and nobody knows what an embedding costs. */
export function assertEmbeddingPriced(settings: Settings): void {
  const { embeddings } = settings;
  if (embeddings === undefined || !isPriced(settings) || embeddingPriceOf(settings) !== undefined) return;
  const todo = 'Set embeddings.price, in US dollars per million tokens; 0 for a server of your own.';
  throw new Failure(
    'fatal',
    'bad_budget',
    `The price of the embedding model ${embeddings.model} is not known, so its cost cannot be limited. ${todo}`,
  );
}

/** Throws a Failure (`bad_budget`) where money is limited and a model of one of the stages has no price. */
export function assertPriced({ settings, simulated, recipes, stages }: PricedOptions): void {
  if (!isPriced(settings) || simulated) return;
  const costOf = costBy(settings);
  for (const [stage, { settings: asked }] of recipesByAgent(recipes))
    if (stages.includes(stage) && costOf(asked.model, 1, 1) === undefined) throw unknownPrice(asked.model);
}

/** What a run has spent and has left; `undefined` where nothing limits it. */
export function readBudget({ run, day, state, limited }: Budget): RunBudgetReading | undefined {
  if (!limited) return undefined;
  const { limit, spent } = run;
  return { state, run: { limit, spent, left: leftOf(limit, spent) }, dayLimit: day.limit };
}

/** The same, with what all processes have taken of the day. */
export async function readWholeBudget(budget: Budget): Promise<RunBudgetReading | undefined> {
  const reading = readBudget(budget);
  if (reading === undefined || !limits(budget.day.limit)) return reading;
  const { today, limit } = budget.day;
  const { spent, held } = await budget.day.total();
  return { ...reading, day: { day: today, limit, spent, left: leftOf(limit, held) } };
}

/** Resolves when no call fits the budget any more. Never, while `scopes` has none of what is used up. */
export function untilSpent(
  budget: Pick<Budget, 'states'>,
  scopes: readonly BudgetScope[] = ['run', 'day'],
): Promise<BudgetScope> {
  return new Promise((resolve) => {
    budget.states.subscribe((state) => {
      if (state.kind === 'spent' && scopes.includes(state.scope)) resolve(state.scope);
    });
  });
}

/** What a pipeline without end fails with when its budget is used up. */
export function budgetSpent(scope: BudgetScope): Failure {
  const advice = { run: 'Start again with a further budget', day: 'Go on tomorrow (UTC), or raise it' };
  const which = scope === 'run' ? 'budget of this run' : "day's budget";
  const message = `The ${which} is used up. ${advice[scope]}: what is done costs nothing again.`;
  return new Failure('fatal', 'budget_spent', message);
}
