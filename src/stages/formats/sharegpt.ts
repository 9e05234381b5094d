import { z } from 'zod';
import { looksLike } from '../text/unseen.ts';
import { SAME_ANSWERS } from './chat-message.ts';
import type { Format, ShapeRule } from './format.ts';
import { answerWithThought, type Labelled, nonBlank, type Pair, type Turn } from './turn.ts';

const human = (value: string) => ({ from: 'human', value });
const gpt = (value: string) => ({ from: 'gpt', value });

/** Reasoning stands in `<think>` tags in front of the answer. */
function conversationOf(turns: readonly Turn[]) {
  return turns.flatMap((turn) => [human(turn.user), gpt(answerWithThought(turn))]);
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

/** "id" leads a line of the ShareGPT data themselves; trainers look past it. */
const id = z.string().optional();

const answers: ShapeRule<readonly Turn[]> = {
  lineOf: (turns) => ({ conversations: conversationOf(turns) }),
  rule: z.strictObject({ id, conversations: conversations('gpt') }),
  llamaFactory: { formatting: 'sharegpt', columns: { messages: 'conversations' } },
  axolotl: {
    dataset: {
      type: 'chat_template',
      field_messages: 'conversations',
      message_property_mappings: { role: 'from', content: 'value' },
    },
  },
};

/** The conversation ends with the prompt; each answer is one message beside it. */
const preferences: ShapeRule<Pair> = {
  lineOf: ({ before = [], prompt, chosen, rejected }) => ({
    conversations: [...conversationOf(before), human(prompt)],
    chosen: gpt(chosen),
    rejected: gpt(rejected),
  }),
  rule: z
    .strictObject({ id, conversations: conversations('human'), chosen: answer, rejected: answer })
    .refine(({ chosen, rejected }) => !looksLike(chosen.value, rejected.value), SAME_ANSWERS),
  llamaFactory: {
    formatting: 'sharegpt',
    ranking: true,
    columns: { messages: 'conversations', chosen: 'chosen', rejected: 'rejected' },
  },
  axolotl: {
    rl: 'dpo',
    dataset: {
      type: 'chat_template.default',
      field_messages: 'conversations',
      field_chosen: 'chosen',
      field_rejected: 'rejected',
      message_property_mappings: { role: 'from', content: 'value' },
    },
  },
};

const labels: ShapeRule<Labelled> = {
  lineOf: ({ turns, label }) => ({ conversations: conversationOf(turns), kto_tag: label }),
  rule: z.strictObject({ id, conversations: conversations('gpt'), kto_tag: z.boolean() }),
  llamaFactory: {
    formatting: 'sharegpt',
    columns: { messages: 'conversations', kto_tag: 'kto_tag' },
  },
  axolotl: undefined,
};

/**
 * ShareGPT's conversations. Source: "Sharegpt Format" in LLaMA-Factory's data/README.md; its converter also demands an
 * even count of messages, and an odd one before a pair of answers.
 */
export const sharegpt: Format = {
  name: 'sharegpt',
  hasId: true,
  description: 'conversations of human and gpt; or chosen and rejected: LLaMA-Factory, Axolotl',
  omits: '',
  shapes: { answers, preferences },
};

/** The same, pairs alone: those of the review history, too. */
export const sharegptDpo: Format = {
  name: 'sharegpt-dpo',
  hasId: true,
  description: 'conversations with chosen and rejected: LLaMA-Factory (ranking), Axolotl',
  omits: '',
  shapes: { preferences },
};

/** "KTO dataset requires an extra `kto_tag` column containing the boolean human feedback": the same README. */
export const sharegptKto: Format = {
  name: 'sharegpt-kto',
  hasId: true,
  description: 'conversations with kto_tag (true or false): LLaMA-Factory',
  omits: '',
  shapes: { labels },
};
