import { z } from 'zod';
import type { Line } from '../training-types/training-type.ts';
import type { Format } from './format.ts';
import { answerWithThought, nonBlank, type Pair, type Turn } from './turn.ts';

/** The last turn is the instruction, those before it are the history. Reasoning stands in `<think>` tags in the output. */
export function alpacaLine(turns: readonly Turn[]): Line {
  const last = turns.at(-1);
  return {
    instruction: last?.user ?? '',
    input: '',
    output: last === undefined ? '' : answerWithThought(last),
    // Always there: LLaMA-Factory looks up every column that its entry names, in every line.
    history: turns.slice(0, -1).map((turn) => [turn.user, answerWithThought(turn)]),
  };
}

/** The prompt is the instruction; the answers are plain texts. */
export function alpacaPair({ prompt, chosen, rejected }: Pair): Line {
  return { instruction: prompt, input: '', chosen, rejected };
}

const answersRule = z.strictObject({
  instruction: nonBlank,
  input: z.string(),
  output: nonBlank,
  history: z.array(z.tuple([nonBlank, nonBlank])),
});

const pairsRule = z
  .strictObject({ instruction: nonBlank, input: z.string(), chosen: nonBlank, rejected: nonBlank })
  .refine(({ chosen, rejected }) => chosen !== rejected, 'chosen and rejected are the same text');

const columns = { prompt: 'instruction', query: 'input' };

/**
 * Alpaca's columns as LLaMA-Factory reads them; the answers in `history` are learnt, too. Axolotl reads it as
 * `type: alpaca`. Source: "Alpaca Format" in LLaMA-Factory's data/README.md, "Supervised Fine-Tuning Dataset" and
 * "Preference Dataset".
 */
export const alpaca: Format = {
  name: 'alpaca',
  description: 'instruction, input, output, history; or chosen and rejected: LLaMA-Factory, Axolotl',
  omits: '',
  shapes: {
    answers: {
      rule: answersRule,
      llamaFactory: {
        formatting: 'alpaca',
        columns: { ...columns, response: 'output', history: 'history' },
      },
    },
    preferences: {
      rule: pairsRule,
      llamaFactory: {
        formatting: 'alpaca',
        ranking: true,
        columns: { ...columns, chosen: 'chosen', rejected: 'rejected' },
      },
    },
  },
};
