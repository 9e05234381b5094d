import { z } from 'zod';
import type { Line } from '../training-types/training-type.ts';
import { assistantMessage, promptMessages, userMessage } from './chat-message.ts';
import type { Format } from './format.ts';
import { nonBlank, type Pair } from './turn.ts';

/** Prompt and answers as lists of one message each. */
export function dpoLine({ prompt, chosen, rejected }: Pair): Line {
  return {
    prompt: [userMessage(prompt)],
    chosen: [assistantMessage(chosen)],
    rejected: [assistantMessage(rejected)],
  };
}

const answer = z.array(z.strictObject({ role: z.literal('assistant'), content: nonBlank })).length(1);

const rule = z
  .strictObject({ prompt: promptMessages, chosen: answer, rejected: answer })
  .refine(
    ({ chosen, rejected }) => chosen[0]?.content !== rejected[0]?.content,
    'chosen and rejected are the same text',
  );

/**
 * TRL's preference data with an explicit prompt, as lists of messages, so that the model's chat template is applied.
 * Source: "Preference" in https://huggingface.co/docs/trl/dataset_formats. LLaMA-Factory wants one message, not a list:
 * pairs for it are exported as `sharegpt` or `alpaca`.
 */
export const dpo: Format = {
  name: 'dpo',
  description: 'prompt, chosen and rejected as messages: TRL',
  omits: '',
  shapes: { preferences: { rule, llamaFactory: undefined } },
};
