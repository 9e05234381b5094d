import { z } from 'zod';
import type { Line } from '../training-types/training-type.ts';
import { assistantMessage, promptMessages, userMessage } from './chat-message.ts';
import type { Format } from './format.ts';
import { nonBlank, type Turn } from './turn.ts';

function completionOf({ assistant, reasoning }: Turn) {
  const message = assistantMessage(assistant);
  return reasoning === undefined ? message : { ...message, reasoning_content: reasoning };
}

/**
 * Everything before the last answer is the prompt; the loss is on the completion alone. Reasoning goes into
 * `reasoning_content`, which chat templates of the Qwen3 kind put in front of the answer.
 */
export function trlLine(turns: readonly Turn[]): Line {
  const last = turns.at(-1);
  if (last === undefined) return { prompt: [], completion: [] };
  const before = turns
    .slice(0, -1)
    .flatMap(({ user, assistant }) => [userMessage(user), assistantMessage(assistant)]);
  return { prompt: [...before, userMessage(last.user)], completion: [completionOf(last)] };
}

const completionMessage = z.strictObject({
  role: z.literal('assistant'),
  content: nonBlank,
  reasoning_content: nonBlank.optional(),
});

const rule = z.strictObject({ prompt: promptMessages, completion: z.array(completionMessage).length(1) });

/**
 * TRL's conversational prompt-completion. Source: "Prompt-completion" in
 * https://huggingface.co/docs/trl/dataset_formats. LLaMA-Factory has no columns for two lists of messages.
 */
export const trl: Format = {
  name: 'trl',
  description: 'prompt and completion as messages: TRL, loss on the completion only',
  omits: 'Of a preference pair only the chosen answer is kept.',
  shapes: { answers: { rule, llamaFactory: undefined } },
};
