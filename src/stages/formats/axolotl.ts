import { z } from 'zod';
import { looksLike } from '../text/invisible-characters.ts';
import {
  assistantMessage,
  pairPromptMessages,
  plainAnswer,
  promptMessages,
  SAME_ANSWERS,
  thinkingMessages,
  thinkingMessagesOf,
} from './chat-message.ts';
import { defineFormat } from './format.ts';
import { MESSAGE_TAGS } from './openai.ts';
import { CALLS_FIT, toolsColumn, toolsRule } from './tool-calls.ts';

const answersRule = z.strictObject({ messages: thinkingMessages, tools: toolsRule }).refine(...CALLS_FIT);

/**
 * Axolotl's `type: chat_template`, with the thought in `reasoning_content`.
 * Source: https://docs.axolotl.ai/docs/dataset-formats/conversation.html
 */
export const axolotl = defineFormat({
  name: 'axolotl',
  holds: ['system', 'tools'],
  description: 'chat messages with reasoning_content, and the YAML block: Axolotl, TRL',
  omits: 'Of a preference pair only the chosen answer is kept.',
  shapes: {
    answers: {
      lineOf: (turns, told) => ({ messages: thinkingMessagesOf(turns, told), ...toolsColumn(told) }),
      rule: answersRule,
      llamaFactory: { formatting: 'sharegpt', columns: { messages: 'messages' }, tags: MESSAGE_TAGS },
      axolotl: { dataset: { type: 'chat_template', field_messages: 'messages' } },
    },
  },
});

/**
 * Axolotl's `rl: dpo` with `type: chat_template.default`: the messages before, and one message for each answer.
 * Source: "chat_template.default" in https://docs.axolotl.ai/docs/rlhf.html
 */
export const axolotlDpo = defineFormat({
  name: 'axolotl-dpo',
  holds: ['system', 'tools'],
  description: 'messages with chosen and rejected, and the YAML block: Axolotl',
  shapes: {
    preferences: {
      lineOf: (pair, told) => ({
        messages: pairPromptMessages(pair, told),
        chosen: assistantMessage(pair.chosen),
        rejected: assistantMessage(pair.rejected),
        ...toolsColumn(told),
      }),
      rule: z
        .strictObject({
          messages: promptMessages,
          chosen: plainAnswer,
          rejected: plainAnswer,
          tools: toolsRule,
        })
        .refine(({ chosen, rejected }) => !looksLike(chosen.content, rejected.content), SAME_ANSWERS),
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
});
