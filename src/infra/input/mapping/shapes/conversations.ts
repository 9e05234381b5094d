import { exchangeOf } from '../exchange.ts';
import {
  asFields,
  holds,
  type Meant,
  type ReadAs,
  type RowFields,
  type Shape,
  setField,
  without,
} from '../meant.ts';
import { rowMessagesOf } from '../messages-of.ts';
import { rowToolsOf } from '../tools-of.ts';

const SHOWN = {
  question: 'the last message of the user',
  system: 'the messages of the system before it',
  history: 'what was said between the two',
  answer: 'what follows it',
} as const;

/** `messages` of `{role, content}`, also as `input.messages`, as OpenAI and most tools write them. */
export const chatMessages: Shape = {
  name: 'messages',
  shown: { ...SHOWN, tools: 'tools' },
  own: false,
  fits: (row) => holds(row, 'messages') || asFields(row['input'])?.['messages'] !== undefined,
  read: (row, how) => {
    if (holds(row, 'messages')) return conversation(row, 'messages', how);
    const { messages, tools } = { messages: undefined, tools: undefined, ...asFields(row['input']) };
    const given = { ...without(row, ['input']), messages, ...(tools === undefined ? {} : { tools }) };
    return conversation(given, 'messages', how);
  },
};

/** `conversations` of `{from, value}`: ShareGPT. */
export const sharedConversations: Shape = {
  name: 'ShareGPT conversations',
  shown: { ...SHOWN, system: 'system, or the messages of the system', tools: 'tools' },
  own: false,
  fits: (row) => holds(row, 'conversations'),
  read: (row, how) => conversation(row, 'conversations', how),
};

function conversation(row: RowFields, name: 'messages' | 'conversations', how: ReadAs): Meant | string {
  const messages = rowMessagesOf(row[name]);
  if (typeof messages === 'string') return messages;
  const exchange = exchangeOf(messages, how);
  if (typeof exchange === 'string') return exchange;
  const { others, ...beside } = besideOf(row, [name]);
  return { ...beside, ...exchange, others };
}

const BESIDE = ['system', 'tools', 'id', 'metadata', 'topic', 'sub_topic', 'training_type'] as const;

/** What stands beside the texts of a row in other people's forms under names that mean the same to us, and the rest. */
export function besideOf(row: RowFields, used: readonly string[]): Meant {
  const found: Record<string, unknown> = {};
  const others: Record<string, unknown> = {};
  for (const name of Object.keys(row)) {
    const part = BESIDE.find((each) => each === name);
    if (part !== undefined) {
      if (holds(row, part)) found[part] = partOf(row, part);
    } else if (row[name] !== undefined && !used.includes(name)) setField(others, name, row[name]);
  }
  return { ...found, others };
}

function partOf(row: RowFields, name: (typeof BESIDE)[number]): unknown {
  return name === 'tools' ? rowToolsOf(row[name]) : row[name];
}
