import type { Usage } from '../../streams/failure.ts';
import { builtInRows, type PriceRow } from './price-rows.ts';

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
/** How routers and compatible servers name a vendor before the model. */
const VENDOR_PREFIXES: Readonly<Record<string, readonly string[]>> = {
  openai: ['openai'],
  anthropic: ['anthropic'],
  google: ['google', 'gemini', 'models'],
  deepseek: ['deepseek', 'deepseek-ai'],
  mistral: ['mistral', 'mistralai'],
  xai: ['xai', 'x-ai'],
};
// A dated name is the same model: gpt-4o-mini-2024-07-18, claude-sonnet-4-20250514. `gpt-4o-audio` is another one.
const DATE_SUFFIX = /[-@](\d{4}-\d{2}-\d{2}|\d{8})$/;

/**
 * What well-known models cost by `prices.json`, good for an estimate: prices change, and whoever knows better overrides
 * them. Models behind names that move to another model (`…-latest`) are left out, as a wrong price is worse than none.
 */
export const wellKnownPrices: PriceTable = priceTableOf(builtInRows);

/** Prices by the names that vendors and routers use. */
export function priceTableOf(rows: readonly PriceRow[]): PriceTable {
  return Object.fromEntries(
    rows.flatMap(({ model, vendor, input, cachedInput, cacheWrite, output }) => {
      const price: ModelPrice = { input, cachedInput, cacheWrite, output };
      const routed = (VENDOR_PREFIXES[vendor] ?? []).map((prefix) => `${prefix}/${model}`);
      return [model, ...routed].map((name) => [name, price] as const);
    }),
  );
}

/**
 * The built-in prices under the names that vendors and routers use, with the caller's own before them.
 * @param own prices by the very name that is asked for.
 */
export function pricesWith(own: PriceTable): PriceTable {
  return { ...wellKnownPrices, ...own };
}

/**
 * The price of a model; `undefined` if the table has it neither as named, nor without its date, nor as it is spelt there
 * (`claude-opus-5.5`, `openrouter/openai/gpt-5.5`).
 */
export function priceOf(prices: PriceTable, model: string): ModelPrice | undefined {
  const undated = model.replace(DATE_SUFFIX, '');
  return entry(prices, model) ?? entry(prices, undated) ?? entry(prices, spelt(undated));
}

/** A model as the table spells it: without the router, versions of a Claude with dashes, of all others with dots. */
function spelt(model: string): string {
  const direct = model.toLowerCase().replace(/^openrouter\//, '');
  return direct.includes('claude') ? direct.replaceAll('.', '-') : direct.replace(/(\d)-(\d)/g, '$1.$2');
}

/**
 * What a call cost in US dollars; `null` if the price of the model is not known. Cached and written tokens are parts of
 * the input, reasoning a part of the output: each token is counted once, at its own price.
 */
export function callCostOf(prices: PriceTable, model: string, usage: Usage): number | null {
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
