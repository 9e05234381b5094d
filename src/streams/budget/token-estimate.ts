import type { Usage } from '../failure.ts';

/** What a call is expected to use, in tokens. */
export type TokenEstimate = Readonly<{ input: number; output: number }>;

export const NO_TOKENS: TokenEstimate = { input: 0, output: 0 };

/** Characters of English per token, as the tokenisers of the large vendors cut it. */
const CHARACTERS_PER_TOKEN = 4;
/** What a prompt says around the record, and an answer's length, before a call has told better. */
const FIRST_PROMPT = 600;
const FIRST_OUTPUT = 1_000;
/** Weight of the newest call in the means: about the last twenty count. */
const WEIGHT = 0.1;

/**
 * What a stage's next call will use, told from its last ones: a limit in tokens has to be asked before the call, when
 * only the record is known. The means start high, so that a limit is not overrun before the first answers.
 */
export class TokenEstimator {
  #input: number | undefined;
  #output: number | undefined;

  /** @param characters length of the record's value: no prompt is shorter than what it carries. */
  estimate(characters: number): TokenEstimate {
    const carried = Math.ceil(characters / CHARACTERS_PER_TOKEN);
    const input = this.#input === undefined ? carried + FIRST_PROMPT : Math.max(carried, this.#input);
    return { input: Math.ceil(input), output: Math.ceil(this.#output ?? FIRST_OUTPUT) };
  }

  /** What a call really used. Servers that report nothing teach nothing. */
  learn({ input, output }: Usage): void {
    if (input + output === 0) return;
    this.#input = moved(this.#input, input);
    this.#output = moved(this.#output, output);
  }
}

function moved(mean: number | undefined, newest: number): number {
  return mean === undefined ? newest : mean + WEIGHT * (newest - mean);
}

/** What the server reported, as one number to settle a reservation with; `undefined` if it reported nothing. */
export function tokensUsed(usage: Usage | undefined): number | undefined {
  const used = usage === undefined ? 0 : usage.input + usage.output;
  return used === 0 ? undefined : used;
}
