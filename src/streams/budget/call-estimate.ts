import { Failure, type Usage } from '../failure.ts';
import type { Amount } from './amount.ts';

/** What is known of a call before it is made. */
export type CallSize = Readonly<{
  model: string;
  /** Of all messages and the schema, in UTF-8. */
  inputBytes: number;
  /** The longest answer that the server is asked for. */
  maxOutputTokens: number | undefined;
  /** The answer before was cut off: this one will use what it is given. */
  long: boolean;
}>;

/** The most that so many tokens of a model can cost, in US dollars; `undefined` where its price is not known. */
export type HighestCost = (model: string, inputTokens: number, outputTokens: number) => number | undefined;

/** No tokenizer in use makes more tokens of a text, whatever its language; English takes half of this. */
const MOST_TOKENS_PER_BYTE = 0.5;
/** The longest answer of a model of which nothing is known yet. */
const USUAL_LONGEST_OUTPUT = 4_096;
/** Before so many calls the bounds hold, after them what was seen. */
const ENOUGH_CALLS = 10;
const REMEMBERED_CALLS = 200;
/** What the next prompt may need more than the densest seen. */
const MARGIN = 1.1;

type Seen = { outputs: number[]; tokensPerByte: number[] };

/**
 * How much a call will take at most, as far as can be known: bounds at the beginning, then the highest that the last
 * calls of the same stage and model took. The highest and not a percentile: it costs nothing but an earlier stop by a
 * part of one call, since a reservation is settled with what was really taken.
 */
export class CallEstimator {
  readonly #highestCost: HighestCost;
  readonly #priced: boolean;
  readonly #seen = new Map<string, Seen>();

  /** @param priced whether the money counts: then a model of unknown price is refused. */
  constructor(highestCost: HighestCost, priced: boolean) {
    this.#highestCost = highestCost;
    this.#priced = priced;
  }

  /** Throws a `fatal` Failure (`bad_budget`) for a model of unknown price where money is limited. */
  estimate(stage: string, size: CallSize): Amount {
    const seen = this.#seen.get(keyOf(stage, size));
    const input = Math.ceil(size.inputBytes * densityOf(seen));
    const output = outputOf(seen, size);
    const costUsd = this.#highestCost(size.model, input, output);
    if (costUsd === undefined && this.#priced) throw unknownPrice(size.model);
    return { tokens: input + output, costUsd: costUsd ?? 0 };
  }

  learn(stage: string, size: CallSize, { input, output }: Usage): void {
    if (input === 0 || output === 0) return;
    const key = keyOf(stage, size);
    const seen = this.#seen.get(key) ?? { outputs: [], tokensPerByte: [] };
    this.#seen.set(key, seen);
    remember(seen.outputs, output);
    remember(seen.tokensPerByte, input / size.inputBytes);
  }
}

function keyOf(stage: string, { model }: CallSize): string {
  return `${stage}|${model}`;
}

function densityOf(seen: Seen | undefined): number {
  const densest = Math.max(0, ...(seen?.tokensPerByte ?? [])) * MARGIN;
  const known = (seen?.tokensPerByte.length ?? 0) >= ENOUGH_CALLS;
  return known ? densest : Math.max(MOST_TOKENS_PER_BYTE, densest);
}

function outputOf(seen: Seen | undefined, { maxOutputTokens, long }: CallSize): number {
  const longest = Math.max(0, ...(seen?.outputs ?? []));
  const known = !long && (seen?.outputs.length ?? 0) >= ENOUGH_CALLS;
  const expected = known ? longest : Math.max(longest, maxOutputTokens ?? USUAL_LONGEST_OUTPUT);
  return Math.min(expected, maxOutputTokens ?? Number.POSITIVE_INFINITY);
}

function remember(values: number[], value: number): void {
  values.push(value);
  if (values.length > REMEMBERED_CALLS) values.shift();
}

/** What to do where money is limited and a price is missing. */
export function unknownPrice(model: string): Failure {
  const advice = `Say what it costs in US dollars per million tokens: --price in=0.5,out=1.5 (0 for a server of your own), or the setting prices, as in {"${model}": {"input": 0.5, "output": 1.5}}; or limit tokens instead: --max-tokens, --max-tokens-per-day. What is known: millrace prices.`;
  const message = `The price of the model ${model} is not known, so its cost cannot be limited. ${advice}`;
  return new Failure('fatal', 'bad_budget', message);
}
