import { z } from 'zod';
import { looksLike } from '../text/invisible-characters.ts';
import { SAME_ANSWERS } from './chat-message.ts';
import { defineFormat, type Line } from './format.ts';
import { answerWithThought, nonBlank, type Pair, type Told, type Turn } from './turn.ts';

/**
 * The last turn is the instruction, those before it are the history. A source that its question rests on is the input. Reasoning stands
 * in `<think>` tags in the output.
 */
function lineOf(turns: readonly Turn[], { system }: Told): Line {
  const last = turns.at(-1);
  return {
    instruction: last?.apart?.question ?? last?.user ?? '',
    input: last?.apart?.context ?? '',
    output: last === undefined ? '' : answerWithThought(last),
    ...(system === undefined ? {} : { system }),
    // Always there: LLaMA-Factory looks up every column that its entry names, in every line.
    history: turns.slice(0, -1).map((turn) => [turn.user, answerWithThought(turn)]),
  };
}

/** The prompt is the instruction; the answers are plain texts. */
function pairOf({ before = [], prompt, chosen, rejected, apart }: Pair, { system }: Told): Line | undefined {
  if (before.length > 0) return undefined;
  const { question: instruction, context: input } = apart ?? { question: prompt, context: '' };
  return { instruction, input, chosen, rejected, ...(system === undefined ? {} : { system }) };
}

const answersRule = z.strictObject({
  instruction: nonBlank,
  input: z.string(),
  output: nonBlank,
  system: nonBlank.optional(),
  history: z.array(z.tuple([nonBlank, nonBlank])),
});

const pairsRule = z
  .strictObject({
    instruction: nonBlank,
    input: z.string(),
    chosen: nonBlank,
    rejected: nonBlank,
    system: nonBlank.optional(),
  })
  .refine(({ chosen, rejected }) => !looksLike(chosen, rejected), SAME_ANSWERS);

const columns = { prompt: 'instruction', query: 'input' };

/**
 * Alpaca's columns as LLaMA-Factory reads them; the answers in `history` are learnt, too. Axolotl reads it as
 * `type: alpaca`, without the history. Source: "Alpaca Format" in LLaMA-Factory's data/README.md, "Supervised
 * Fine-Tuning Dataset" and "Preference Dataset".
 */
export const alpaca = defineFormat({
  name: 'alpaca',
  holds: ['system'],
  description: 'instruction, input, output, history; or chosen and rejected: LLaMA-Factory, Axolotl',
  shapes: {
    answers: {
      lineOf,
      rule: answersRule,
      llamaFactory: {
        formatting: 'alpaca',
        columns: { ...columns, response: 'output', history: 'history' },
      },
      axolotl: { dataset: { type: 'alpaca' } },
    },
    preferences: {
      lineOf: pairOf,
      rule: pairsRule,
      llamaFactory: {
        formatting: 'alpaca',
        ranking: true,
        columns: { ...columns, chosen: 'chosen', rejected: 'rejected' },
      },
    },
  },
});
