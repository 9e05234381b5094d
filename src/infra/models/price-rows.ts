import rows from './prices.json' with { type: 'json' };

/** A price with where and when it was read: without a source there is no price. US dollars per million tokens. */
export type PriceRow = Readonly<{
  model: string;
  vendor: string;
  input: number;
  cachedInput?: number | undefined;
  cacheWrite?: number | undefined;
  output: number;
  /** The page on which it stands. */
  source: string;
  /** The day on which somebody read it there, `YYYY-MM-DD`. */
  read: string;
  /** The first and the last day on which it holds, where the page names one. */
  from?: string | undefined;
  until?: string | undefined;
}>;

/** The rows of `prices.json` that hold on a day. */
export function rowsOn(day: string, all: readonly PriceRow[] = rows): readonly PriceRow[] {
  return all.filter(({ from = day, until = day }) => from <= day && day <= until);
}

/** What Millrace knows by itself today. */
export const builtInRows = rowsOn(new Date().toISOString().slice(0, 10));
