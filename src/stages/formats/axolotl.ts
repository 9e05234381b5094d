import { z } from 'zod';
import { looksLike } from '../text/unseen.ts';
import {
  alternates,
  assistantMessage,
  chatMessage,
  plainAnswer,
  promptMessages,
  promptOf,
  SAME_ANSWERS,
  thinkingAnswer,
  thinkingMessage,
  userMessage,
} from './chat-message.ts';
import type { Format } from './format.ts';
import { MESSAGE_TAGS } from './openai.ts';
import { nonBlank } from './turn.ts';

const message = z.strictObject({
  role: chatMessage.shape.role,
  content: nonBlank,
  reasoning_content: thinkingAnswer.shape.reasoning_content,
});

const answersRule = z.strictObject({
  messages: z
    .array(message)
    .refine(
      (messages) => alternates(messages, 'assistant'),
      'the messages must alternate between user and assistant and end with the assistant',
    ),
});

/**
 * Axolotl's `type: chat_template`, with the thought in `reasoning_content`.
 * Source: https://docs.axolotl.ai/docs/dataset-formats/conversation.html
 */
export const axolotl: Format = {
  name: 'axolotl',
  description: 'chat messages with reasoning_content, and the YAML block: Axolotl, TRL',
  omits: 'Of a preference pair only the chosen answer is kept.',
  shapes: {
    answers: {
      lineOf: (turns) => ({
        messages: turns.flatMap((turn) => [userMessage(turn.user), thinkingMessage(turn)]),
      }),
      rule: answersRule,
      llamaFactory: { formatting: 'sharegpt', columns: { messages: 'messages' }, tags: MESSAGE_TAGS },
      axolotl: { dataset: { type: 'chat_template', field_messages: 'messages' } },
    },
  },
};

/**
 * Axolotl's `rl: dpo` with `type: chat_template.default`: the messages before, and one message for each answer.
 * Source: "chat_template.default" in https://docs.axolotl.ai/docs/rlhf.html
 */
export const axolotlDpo: Format = {
  name: 'axolotl-dpo',
  description: 'messages with chosen and rejected, and the YAML block: Axolotl',
  omits: '',
  shapes: {
    preferences: {
      lineOf: (pair) => ({
        messages: promptOf(pair),
        chosen: assistantMessage(pair.chosen),
        rejected: assistantMessage(pair.rejected),
      }),
      rule: z
        .strictObject({ messages: promptMessages, chosen: plainAnswer, rejected: plainAnswer })
        .refine(({ chosen, rejected }) => !looksLike(chosen.content, rejected.content), SAME_ANSWERS),
      llamaFactory: undefined,
      axolotl: {
        rl: 'dpo',
        dataset: {
          type: 'chat_template.default',
          field_messages: 'messages',
          field_chosen: 'chosen',
          field_rejected: 'rejected',
        },
      },
    },
  },
};
