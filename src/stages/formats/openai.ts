import { z } from 'zod';
import type { Line } from '../training-types/training-type.ts';
import { alternates, assistantMessage, chatMessage, userMessage } from './chat-message.ts';
import type { Format } from './format.ts';
import type { Turn } from './turn.ts';

/** The reasoning is left out: OpenAI's fine-tuning refuses messages with fields it does not know. */
export function openaiLine(turns: readonly Turn[]): Line {
  return {
    messages: turns.flatMap(({ user, assistant }) => [userMessage(user), assistantMessage(assistant)]),
  };
}

const rule = z.strictObject({
  messages: z
    .array(chatMessage)
    .refine(
      (messages) => alternates(messages, 'assistant'),
      'the messages must alternate between user and assistant and end with the assistant',
    ),
});

/**
 * OpenAI's supervised fine-tuning, which TRL, Axolotl (`type: chat_template`) and LLaMA-Factory read as well.
 * Sources: https://platform.openai.com/docs/guides/supervised-fine-tuning and "OpenAI Format" in LLaMA-Factory's
 * data/README.md, which also demands that the roles alternate.
 */
export const openai: Format = {
  name: 'openai',
  description: 'chat messages: OpenAI fine-tuning, TRL, Axolotl, LLaMA-Factory',
  omits: 'Reasoning is left out, and of a preference pair only the chosen answer is kept.',
  shapes: {
    answers: {
      rule,
      llamaFactory: {
        formatting: 'sharegpt',
        columns: { messages: 'messages' },
        tags: {
          role_tag: 'role',
          content_tag: 'content',
          user_tag: 'user',
          assistant_tag: 'assistant',
          system_tag: 'system',
        },
      },
    },
  },
};
