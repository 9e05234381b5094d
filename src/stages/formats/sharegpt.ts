import { z } from 'zod';
import type { Message } from '../question-parts/messages.ts';
import { looksLike } from '../text/invisible-characters.ts';
import { SAME_ANSWERS } from './chat-message.ts';
import { defineFormat, type ShapeRule } from './format.ts';
import { answerWithThought, type Labelled, nonBlank, type Pair, type Told, type Turn } from './turn.ts';

const human = (value: string) => ({ from: 'human', value });
const gpt = (value: string) => ({ from: 'gpt', value });

/**
 * Reasoning stands in `<think>` tags in front of the answer. Calls of tools stand in the assistant's places, all of one message in one
 * value, and their results in the user's. `undefined` where a call comes with a text beside it: there is no place for both.
 */
function conversationOf(turns: readonly Turn[]) {
  if (turns.some(({ steps = [] }) => steps.some(({ role, content }) => role !== 'tool' && content !== '')))
    return undefined;
  return turns.flatMap((turn) => [human(turn.user), ...stepsOf(turn), gpt(answerWithThought(turn))]);
}

function stepsOf({ steps = [] }: Turn) {
  const said: { from: 'function_call' | 'observation'; value: string }[] = [];
  let results: string[] = [];
  for (const [index, { role, content, tool_calls = [] }] of steps.entries()) {
    if (role !== 'tool') {
      said.push({ from: 'function_call', value: callsText(tool_calls) });
      continue;
    }
    results.push(content);
    if (steps[index + 1]?.role === 'tool') continue;
    const [only = ''] = results;
    said.push({ from: 'observation', value: results.length === 1 ? only : JSON.stringify(results) });
    results = [];
  }
  return said;
}

function callsText(calls: NonNullable<Message['tool_calls']>): string {
  const said = calls.map(({ name, arguments: text }) => ({ name, arguments: parsed(text) }));
  return JSON.stringify(said.length === 1 ? said[0] : said);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Columns beside the conversation: the system prompt, and the tools as the text of their JSON. */
function columnsOf({ system, tools = [] }: Told) {
  const functions = tools.map((tool) => tool.function);
  return {
    ...(system === undefined ? {} : { system }),
    ...(functions.length === 0 ? {} : { tools: JSON.stringify(functions) }),
  };
}
const beside = { system: nonBlank.optional(), tools: nonBlank.optional() };

const message = z.strictObject({
  from: z.enum(['human', 'gpt', 'function_call', 'observation']),
  value: nonBlank,
});
const OF_THE_USER = new Set(['human', 'observation']);

/** "human … should appear in odd positions, while gpt … should appear in even positions", counted from 1. */
function conversations(last: 'human' | 'gpt') {
  return z
    .array(message)
    .refine(
      (messages) => messages.every(({ from }, index) => OF_THE_USER.has(from) === (index % 2 === 0)),
      'human must stand at odd and gpt at even positions',
    )
    .refine((messages) => messages.at(-1)?.from === last, `the conversation must end with ${last}`);
}

const answer = z.strictObject({ from: z.literal('gpt'), value: nonBlank });

/** "id" leads a line of the ShareGPT data themselves; trainers look past it. */
const id = z.string().optional();

const answers: ShapeRule<readonly Turn[]> = {
  lineOf: (turns, told) => {
    const said = conversationOf(turns);
    return said && { conversations: said, ...columnsOf(told) };
  },
  rule: z.strictObject({ id, conversations: conversations('gpt'), ...beside }),
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
  lineOf: ({ before = [], prompt, chosen, rejected }, told) => {
    const said = conversationOf(before);
    return (
      said && {
        conversations: [...said, human(prompt)],
        chosen: gpt(chosen),
        rejected: gpt(rejected),
        ...columnsOf(told),
      }
    );
  },
  rule: z
    .strictObject({ id, conversations: conversations('human'), chosen: answer, rejected: answer, ...beside })
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
  lineOf: ({ turns, label }, told) => {
    const said = conversationOf(turns);
    return said && { conversations: said, kto_tag: label, ...columnsOf(told) };
  },
  rule: z.strictObject({ id, conversations: conversations('gpt'), kto_tag: z.boolean(), ...beside }),
  llamaFactory: {
    formatting: 'sharegpt',
    columns: { messages: 'conversations', kto_tag: 'kto_tag' },
  },
};

/**
 * ShareGPT's conversations. Source: "Sharegpt Format" in LLaMA-Factory's data/README.md; its converter also demands an
 * even count of messages, and an odd one before a pair of answers.
 */
export const sharegpt = defineFormat({
  name: 'sharegpt',
  hasId: true,
  holds: ['system', 'tools'],
  description: 'conversations of human and gpt; or chosen and rejected: LLaMA-Factory, Axolotl',
  shapes: { answers, preferences },
});

/** The same, pairs alone: those of the review history, too. */
export const sharegptDpo = defineFormat({
  name: 'sharegpt-dpo',
  hasId: true,
  holds: ['system', 'tools'],
  description: 'conversations with chosen and rejected: LLaMA-Factory (ranking), Axolotl',
  shapes: { preferences },
});

/** "KTO dataset requires an extra `kto_tag` column containing the boolean human feedback": the same README. */
export const sharegptKto = defineFormat({
  name: 'sharegpt-kto',
  hasId: true,
  holds: ['system', 'tools'],
  description: 'conversations with kto_tag (true or false): LLaMA-Factory',
  shapes: { labels },
});
