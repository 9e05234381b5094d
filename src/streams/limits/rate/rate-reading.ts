/** What a server's headers say of one of its budgets, as of the call that they answer. */
export type BudgetReading = Readonly<{
  /** The whole of it; `undefined` if it was not said. */
  limit: number | undefined;
  /** What is left of it, for all who share the key. */
  remaining: number;
  /** When it will be whole again; `undefined` if it was not said. */
  resetMs: number | undefined;
}>;

/** The budgets of one endpoint. Those that were not named are not there. */
export type RateReading = Readonly<{
  requests?: BudgetReading;
  tokens?: BudgetReading;
}>;
