import { z } from 'zod';
import { looksLike } from '../text/invisible-characters.ts';
import {
  assistantMessage,
  completionMessages,
  messagesOf,
  pairPromptMessages,
  plainAnswer,
  promptMessages,
  SAME_ANSWERS,
  stepMessages,
  thinkingMessage,
  userMessage,
} from './chat-message.ts';
import { defineFormat, type Line } from './format.ts';
import { CALLS_FIT, toolsColumn, toolsRule } from './tool-calls.ts';
import { answerWithThought, nonBlank, type Told, type Turn } from './turn.ts';

/** Everything before the last answer is the prompt. */
function promptAndCompletion(turns: readonly Turn[], told: Told): Line {
  const last = turns.at(-1);
  if (last === undefined) return { prompt: [], completion: [] };
  const before = messagesOf(turns.slice(0, -1), told);
  return {
    prompt: [...before, userMessage(last.user)],
    completion: [...stepMessages(last), thinkingMessage(last)],
    ...toolsColumn(told),
  };
}

const said = { prompt: promptMessages, completion: completionMessages, tools: toolsRule };

/**
 * TRL's conversational prompt-completion; the loss is on the completion alone. Reasoning goes into `reasoning_content`.
 * Source: "Prompt-completion" in https://huggingface.co/docs/trl/dataset_formats. LLaMA-Factory has no columns for two
 * lists of messages.
 */
export const trl = defineFormat({
  name: 'trl',
  holds: ['system', 'tools'],
  description: 'prompt and completion as messages: TRL, loss on the completion only',
  omits: 'Of a preference pair only the chosen answer is kept.',
  shapes: {
    answers: {
      lineOf: promptAndCompletion,
      rule: z.strictObject(said).refine(...CALLS_FIT),
    },
  },
});

/**
 * TRL's standard prompt-completion: two texts, to which no chat template is applied. One turn only.
 * Source: "Prompt-completion" in https://huggingface.co/docs/trl/dataset_formats. LLaMA-Factory reads them as alpaca's
 * columns, and Axolotl by a format string.
 */
export const promptCompletion = defineFormat({
  name: 'prompt-completion',
  description: 'prompt and completion as texts: TRL and others, no chat template',
  omits:
    'Of a preference pair only the chosen answer is kept, and conversations of several turns are left out.',
  shapes: {
    answers: {
      lineOf: (turns) => {
        const [only] = turns;
        if (only === undefined || turns.length > 1) return undefined;
        return { prompt: only.user, completion: answerWithThought(only) };
      },
      rule: z.strictObject({ prompt: nonBlank, completion: nonBlank }),
      llamaFactory: { formatting: 'alpaca', columns: { prompt: 'prompt', response: 'completion' } },
      axolotl: {
        dataset: {
          type: {
            field_instruction: 'prompt',
            field_output: 'completion',
            format: '{instruction}',
            no_input_format: '{instruction}',
          },
        },
      },
    },
  },
});

const answer = z.array(plainAnswer).length(1);

/**
 * TRL's preference data with an explicit prompt, as lists of messages, so that the model's chat template is applied.
 * Source: "Preference" in https://huggingface.co/docs/trl/dataset_formats. LLaMA-Factory wants one message, not a list:
 * pairs for it are exported as `sharegpt-dpo`.
 */
export const trlDpo = defineFormat({
  name: 'dpo',
  holds: ['system', 'tools'],
  description: 'prompt, chosen and rejected as messages: TRL',
  shapes: {
    preferences: {
      lineOf: (pair, told) => ({
        prompt: pairPromptMessages(pair, told),
        chosen: [assistantMessage(pair.chosen)],
        rejected: [assistantMessage(pair.rejected)],
        ...toolsColumn(told),
      }),
      rule: z
        .strictObject({ prompt: promptMessages, chosen: answer, rejected: answer, tools: toolsRule })
        .refine(
          ({ chosen, rejected }) => !looksLike(chosen[0]?.content ?? '', rejected[0]?.content ?? ''),
          SAME_ANSWERS,
        ),
    },
  },
});

/**
 * TRL's unpaired preference: every answer with whether it is wanted.
 * Source: "Unpaired preference" in https://huggingface.co/docs/trl/dataset_formats.
 */
export const kto = defineFormat({
  name: 'kto',
  holds: ['system', 'tools'],
  description: 'prompt, completion and label (true or false): TRL KTO',
  shapes: {
    labels: {
      lineOf: ({ turns, label }, told) => ({ ...promptAndCompletion(turns, told), label }),
      rule: z.strictObject({ ...said, label: z.boolean() }).refine(...CALLS_FIT),
    },
  },
});
