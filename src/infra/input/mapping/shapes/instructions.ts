import { jsonOr } from '../../../../stages/text/parse-exact.ts';
import { kindOf } from '../entry-schema.ts';
import { type Answer, holds, type RowFields, type Shape } from '../meant.ts';
import type { RowMessage } from '../message.ts';
import { besideOf } from './conversations.ts';
import { answerOfValue } from './own-question.ts';

/** What people call the answer beside an instruction or a prompt. */
export const ANSWER_NAMES = ['output', 'completion', 'response', 'answer'] as const;

/** `instruction`, `input`, `output`: Alpaca, and Dolly's `context` and `response`. */
export const instructions: Shape = {
  name: 'Alpaca',
  shown: {
    question: 'instruction, a blank line, input',
    context: 'context',
    system: 'system',
    history: 'history',
    answer: 'output or response',
  },
  own: false,
  fits: (row) => holds(row, 'instruction'),
  read: (row) => {
    const asked = instructionIn(row);
    if (typeof asked === 'string') return asked;
    const history = holds(row, 'history') ? pairsIn(row['history']) : [];
    if (typeof history === 'string') return history;
    const answered = answerBeside(row);
    if (typeof answered === 'string') return answered;
    const { answer, names } = answered;
    return {
      ...besideOf(row, ['instruction', 'input', 'history', 'context', ...names]),
      ...asked,
      ...(holds(row, 'context') ? { context: row['context'] } : {}),
      ...(history.length === 0 ? {} : { history }),
      ...(answer === undefined ? {} : { answer }),
    };
  },
};

/** The first answer of a row, and the names that say nothing else; or why there is none. A second answer is the user's own field. */
export function answerBeside(
  row: RowFields,
): Readonly<{ answer: Answer | undefined; names: readonly string[] }> | string {
  const name = ANSWER_NAMES.find((each) => holds(row, each));
  const answer = name === undefined ? undefined : answerOfValue(row[name]);
  if (name !== undefined && answer === undefined)
    return `${name}: expected text or messages, came ${kindOf(row[name])}`;
  return { answer, names: ANSWER_NAMES.filter((each) => each === name || !holds(row, each)) };
}

/** The instruction with its input; or why there is none. */
export function instructionIn(row: RowFields): Readonly<{ question: string }> | string {
  const { instruction, input } = row;
  if (typeof instruction !== 'string') return `instruction: expected text, came ${kindOf(instruction)}`;
  if (!holds(row, 'input')) return { question: instruction };
  if (typeof input !== 'string') return `input: expected text, came ${kindOf(input)}`;
  return { question: `${instruction.trim()}\n\n${input.trim()}` };
}

/** LLaMA-Factory's `history`: pairs of what was asked and answered. */
function pairsIn(value: unknown): readonly RowMessage[] | string {
  const pairs = typeof value === 'string' ? jsonOr(value) : value;
  const wrong = 'history: expected an array of [question, answer]';
  if (!Array.isArray(pairs)) return `${wrong}, came ${kindOf(pairs)}`;
  const messages: RowMessage[] = [];
  for (const pair of pairs) {
    const [user, assistant]: unknown[] = Array.isArray(pair) ? pair : [];
    if (typeof user !== 'string' || typeof assistant !== 'string') return wrong;
    messages.push({ role: 'user', content: user }, { role: 'assistant', content: assistant });
  }
  return messages;
}
