import { z } from 'zod';
import type { Line } from '../training-types/training-type.ts';
import type { Format } from './format.ts';
import { answerWithThought, nonBlank, type Pair, type Turn } from './turn.ts';

const human = (value: string) => ({ from: 'human', value });
const gpt = (value: string) => ({ from: 'gpt', value });

/** Reasoning stands in `<think>` tags in front of the answer. */
export function sharegptLine(turns: readonly Turn[]): Line {
  return { conversations: turns.flatMap((turn) => [human(turn.user), gpt(answerWithThought(turn))]) };
}

/** The conversation ends with the prompt; each answer is one message beside it. */
export function sharegptPair({ prompt, chosen, rejected }: Pair): Line {
  return { conversations: [human(prompt)], chosen: gpt(chosen), rejected: gpt(rejected) };
}

const message = z.strictObject({ from: z.enum(['human', 'gpt']), value: nonBlank });

/** "human … should appear in odd positions, while gpt … should appear in even positions", counted from 1. */
function conversations(last: 'human' | 'gpt') {
  return z
    .array(message)
    .refine(
      (messages) => messages.every(({ from }, index) => from === (index % 2 === 0 ? 'human' : 'gpt')),
      'human must stand at odd and gpt at even positions',
    )
    .refine((messages) => messages.at(-1)?.from === last, `the conversation must end with ${last}`);
}

const answer = z.strictObject({ from: z.literal('gpt'), value: nonBlank });

const answersRule = z.strictObject({ conversations: conversations('gpt') });

const pairsRule = z
  .strictObject({ conversations: conversations('human'), chosen: answer, rejected: answer })
  .refine(({ chosen, rejected }) => chosen.value !== rejected.value, 'chosen and rejected are the same text');

/**
 * ShareGPT's conversations. Source: "Sharegpt Format" in LLaMA-Factory's data/README.md; its converter also demands an
 * even count of messages, and an odd one before a pair of answers.
 */
export const sharegpt: Format = {
  name: 'sharegpt',
  description: 'conversations of human and gpt; or chosen and rejected: LLaMA-Factory, Axolotl',
  omits: '',
  shapes: {
    answers: {
      rule: answersRule,
      llamaFactory: { formatting: 'sharegpt', columns: { messages: 'conversations' } },
    },
    preferences: {
      rule: pairsRule,
      llamaFactory: {
        formatting: 'sharegpt',
        ranking: true,
        columns: { messages: 'conversations', chosen: 'chosen', rejected: 'rejected' },
      },
    },
  },
};
