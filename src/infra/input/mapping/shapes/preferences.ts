import { isDeepStrictEqual } from 'node:util';
import { asFields, holds, type Meant, type ReadAs, type RowFields, type Shape } from '../meant.ts';
import type { RowMessage } from '../message.ts';
import { rowMessagesOf } from '../messages-of.ts';
import { besideOf } from './conversations.ts';
import { instructionIn } from './instructions.ts';
import { askedBy } from './prompts.ts';

/** `chosen` and `rejected`, or OpenAI's `preferred_output` and `non_preferred_output`; texts or messages. */
export const preferences: Shape = {
  name: 'preference pairs',
  shown: { question: 'prompt or the like, or what both begin with', chosen: 'chosen', rejected: 'rejected' },
  own: false,
  fits: (row) => namesIn(row) !== undefined,
  read: (row, how) => {
    const names = namesIn(row);
    if (names === undefined) return 'expected two answers, chosen and rejected';
    const [chosen, rejected] = names.map((name) => saidIn(row[name]));
    if (typeof chosen === 'string') return `${names[0]}: ${chosen}`;
    if (typeof rejected === 'string') return `${names[1]}: ${rejected}`;
    const pair = { chosen: chosen ?? [], rejected: rejected ?? [] };
    const common = commonOf(pair);
    const from = common > 0 ? undefined : promptNameIn(row);
    const asked = askedIn(row, from, pair.chosen.slice(0, common), how);
    if (typeof asked === 'string') return asked;
    const { others, ...beside } = besideOf(row, [
      ...names,
      'prompt',
      ...(from === undefined ? [] : [from]),
      ...(from === 'instruction' ? ['input'] : []),
    ]);
    return {
      ...beside,
      ...asked,
      chosen: pair.chosen.slice(common),
      rejected: pair.rejected.slice(common),
      others,
    };
  },
};

const NAMES = [
  ['chosen', 'rejected'],
  ['preferred_output', 'non_preferred_output'],
] as const;

function namesIn(row: RowFields) {
  return NAMES.find((names) => names.every((name) => holds(row, name)));
}

/** A text is what the assistant says, or a whole dialogue in the way of HH-RLHF. */
function saidIn(value: unknown): readonly RowMessage[] | string {
  if (typeof value !== 'string') return rowMessagesOf(asFields(value) === undefined ? value : [value]);
  return dialogueIn(value) ?? [{ role: 'assistant', content: value }];
}

const SPEAKER = /(?:^|\n\n)(Human|Assistant): ?/;

function dialogueIn(text: string): readonly RowMessage[] | undefined {
  const [before = '', ...parts] = text.split(SPEAKER);
  if (before.trim() !== '' || parts[0] !== 'Human') return undefined;
  const messages: RowMessage[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const role = parts[at] === 'Human' ? 'user' : 'assistant';
    messages.push({ role, content: (parts[at + 1] ?? '').trim() });
  }
  return messages;
}

/** How many messages both begin with; the last of each is never one of them. */
function commonOf({
  chosen,
  rejected,
}: Readonly<Record<'chosen' | 'rejected', readonly RowMessage[]>>): number {
  const most = Math.min(chosen.length, rejected.length) - 1;
  const at = chosen.findIndex(
    (message, index) => index >= most || !isDeepStrictEqual(message, rejected[index]),
  );
  return Math.max(0, at);
}

/** Where a prompt may stand; messages of the user and before, as Axolotl and LLaMA-Factory have them, come last. */
const PROMPT_NAMES = ['prompt', 'instruction', 'input', 'messages', 'conversations'] as const;
type PromptName = (typeof PROMPT_NAMES)[number];

function promptNameIn(row: RowFields): PromptName | undefined {
  return PROMPT_NAMES.find((name) => holds(row, name));
}

function askedIn(
  row: RowFields,
  name: PromptName | undefined,
  common: readonly RowMessage[],
  how: ReadAs,
): Omit<Meant, 'others'> | string {
  if (common.length > 0) return askedBy(common, how);
  if (name === undefined) return 'expected a prompt, or two conversations that begin with the same messages';
  if (name === 'instruction') return instructionIn(row);
  return askedBy(asFields(row[name])?.['messages'] ?? row[name], how);
}
