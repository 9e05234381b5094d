import type { Usage } from '../../streams/failure.ts';

/** US dollars per million tokens. */
export type ModelPrice = Readonly<{
  input: number;
  /** Input tokens that the server had cached; as `input` unless told. */
  cachedInput?: number | undefined;
  /** Input tokens that it put into its cache for later, where that costs extra; as `input` unless told. */
  cacheWrite?: number | undefined;
  output: number;
  /** The part of the output that is reasoning; as `output` unless told. */
  reasoning?: number | undefined;
}>;
export type PriceTable = Readonly<Record<string, ModelPrice>>;

const TOKENS_PER_PRICE = 1_000_000;
// A dated name is the same model: gpt-4o-mini-2024-07-18, claude-sonnet-4-20250514. `gpt-4o-audio` is another one.
const DATE_SUFFIX = /-(\d{4}-\d{2}-\d{2}|\d{8})$/;

function price(input: number, cachedInput: number, output: number): ModelPrice {
  return { input, cachedInput, output };
}

/** Writing to Anthropic's cache of five minutes costs a quarter more than input. */
function claude(input: number, cachedInput: number, output: number): ModelPrice {
  return { ...price(input, cachedInput, output), cacheWrite: 1.25 * input };
}

/**
 * What well-known models cost. A snapshot (early 2026) of the vendors' public price pages for their standard tier, good
 * for an estimate: prices change, and whoever knows better overrides them. Models behind names that move to another
 * model (`…-latest`) are left out, as a wrong price is worse than none.
 */
export const wellKnownPrices: PriceTable = {
  'gpt-4o': price(2.5, 1.25, 10),
  'gpt-4o-2024-05-13': price(5, 5, 15),
  'gpt-4o-mini': price(0.15, 0.075, 0.6),
  'gpt-4.1': price(2, 0.5, 8),
  'gpt-4.1-mini': price(0.4, 0.1, 1.6),
  'gpt-4.1-nano': price(0.1, 0.025, 0.4),
  'gpt-5': price(1.25, 0.125, 10),
  'gpt-5.1': price(1.25, 0.125, 10),
  'gpt-5-mini': price(0.25, 0.025, 2),
  'gpt-5-nano': price(0.05, 0.005, 0.4),
  o1: price(15, 7.5, 60),
  o3: price(2, 0.5, 8),
  'o3-mini': price(1.1, 0.55, 4.4),
  'o4-mini': price(1.1, 0.275, 4.4),
  'deepseek-chat': price(0.28, 0.028, 0.42),
  'deepseek-reasoner': price(0.28, 0.028, 0.42),
  'mistral-large-2411': price(2, 2, 6),
  'mistral-medium-2505': price(0.4, 0.4, 2),
  'mistral-small-2503': price(0.1, 0.1, 0.3),
  'claude-3-5-haiku': claude(0.8, 0.08, 4),
  'claude-3-7-sonnet': claude(3, 0.3, 15),
  'claude-haiku-4-5': claude(1, 0.1, 5),
  'claude-sonnet-4': claude(3, 0.3, 15),
  'claude-sonnet-4-5': claude(3, 0.3, 15),
  'claude-opus-4': claude(15, 1.5, 75),
  'claude-opus-4-1': claude(15, 1.5, 75),
  'claude-opus-4-5': claude(5, 0.5, 25),
};

/** The price of a model; `undefined` if the table has it neither as named nor without its date. */
export function priceOf(prices: PriceTable, model: string): ModelPrice | undefined {
  return entry(prices, model) ?? entry(prices, model.replace(DATE_SUFFIX, ''));
}

/**
 * What a call cost in US dollars; `null` if the price of the model is not known. Cached and written tokens are parts of
 * the input, reasoning a part of the output: each token is counted once, at its own price.
 */
export function costOf(prices: PriceTable, model: string, usage: Usage): number | null {
  const price = priceOf(prices, model);
  return price === undefined ? null : costAt(price, usage);
}

function costAt(price: ModelPrice, usage: Usage): number {
  const cached = Math.min(usage.cached, usage.input);
  const written = Math.min(usage.cacheWrites ?? 0, usage.input - cached);
  const reasoning = Math.min(usage.reasoning, usage.output);
  const total =
    (usage.input - cached - written) * price.input +
    cached * (price.cachedInput ?? price.input) +
    written * (price.cacheWrite ?? price.input) +
    (usage.output - reasoning) * price.output +
    reasoning * (price.reasoning ?? price.output);
  return total / TOKENS_PER_PRICE;
}

/** The most that so many tokens can cost in US dollars: nothing cached, everything written to the cache. */
export function highestCost(price: ModelPrice, inputTokens: number, outputTokens: number): number {
  const input = Math.max(price.input, price.cacheWrite ?? 0, price.cachedInput ?? 0);
  const output = Math.max(price.output, price.reasoning ?? 0);
  return (inputTokens * input + outputTokens * output) / TOKENS_PER_PRICE;
}

function entry(prices: PriceTable, model: string): ModelPrice | undefined {
  return Object.hasOwn(prices, model) ? prices[model] : undefined;
}
