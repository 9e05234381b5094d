import { z } from 'zod';
import { looksLike } from '../text/invisible-characters.ts';
import {
  answeredMessages,
  assistantMessage,
  messagesOf,
  pairPromptMessages,
  plainAnswer,
  promptMessages,
  SAME_ANSWERS,
} from './chat-message.ts';
import { defineFormat } from './format.ts';
import { CALLS_FIT, toolsColumn, toolsRule } from './tool-calls.ts';

const answersRule = z.strictObject({ messages: answeredMessages, tools: toolsRule }).refine(...CALLS_FIT);

/** How LLaMA-Factory reads OpenAI's messages. */
export const MESSAGE_TAGS = {
  role_tag: 'role',
  content_tag: 'content',
  user_tag: 'user',
  assistant_tag: 'assistant',
  system_tag: 'system',
};

/**
 * OpenAI's supervised fine-tuning, which TRL, Axolotl (`type: chat_template`) and LLaMA-Factory read as well. The
 * reasoning is left out: OpenAI refuses messages with fields it does not know.
 * Sources: https://platform.openai.com/docs/guides/supervised-fine-tuning and "OpenAI Format" in LLaMA-Factory's
 * data/README.md, which also demands that the roles alternate.
 */
export const openai = defineFormat({
  name: 'openai',
  holds: ['system', 'tools'],
  description: 'chat messages: OpenAI fine-tuning, TRL, Axolotl, LLaMA-Factory',
  omits: 'Reasoning is left out, and of a preference pair only the chosen answer is kept.',
  shapes: {
    answers: {
      lineOf: (turns, told) => ({ messages: messagesOf(turns, told), ...toolsColumn(told) }),
      rule: answersRule,
      llamaFactory: { formatting: 'sharegpt', columns: { messages: 'messages' }, tags: MESSAGE_TAGS },
      axolotl: { dataset: { type: 'chat_template', field_messages: 'messages' } },
    },
  },
});

const answer = z.array(plainAnswer).length(1);

const pairsRule = z
  .strictObject({
    input: z.strictObject({ messages: promptMessages, tools: toolsRule }),
    preferred_output: answer,
    non_preferred_output: answer,
  })
  .refine(
    (line) =>
      !looksLike(line.preferred_output[0]?.content ?? '', line.non_preferred_output[0]?.content ?? ''),
    SAME_ANSWERS,
  );

/**
 * OpenAI's preference fine-tuning, one answer to each prompt.
 * Source: https://platform.openai.com/docs/guides/direct-preference-optimization
 */
export const openaiDpo = defineFormat({
  name: 'openai-dpo',
  holds: ['system', 'tools'],
  description: 'input, preferred_output, non_preferred_output: OpenAI preference fine-tuning',
  shapes: {
    preferences: {
      lineOf: (pair, told) => ({
        input: { messages: pairPromptMessages(pair, told), ...toolsColumn(told) },
        preferred_output: [assistantMessage(pair.chosen)],
        non_preferred_output: [assistantMessage(pair.rejected)],
      }),
      rule: pairsRule,
    },
  },
});
