import {
  count,
  plural,
  printable,
  printableLines,
  scoreText,
  spending,
} from '../../infra/terminal/format.ts';
import type { Example } from '../../stages/example.ts';
import type { History } from '../../stages/store/store.ts';
import type { KeptCall } from './kept-calls.ts';
import { rowsText } from './rows-text.ts';
import type { Tried } from './try-type.ts';

/** What was asked and answered, what the judge thought of it, and the rows that it makes. */
export function triedText({ history, example, calls, fresh, data }: Tried): string {
  return [
    ...calls.map((call, index) => callText(call, index + 1)),
    ...(history?.deadLetters ?? []).map(letterText),
    ...(example === undefined ? [] : [reviewText(example), ...rowsText(example)]),
    `${costText(calls, fresh)}\nKept in ${printable(data)}, outside every dataset and count.`,
  ].join('\n\n');
}

function callText({ stage, model, messages, reply }: KeptCall, number: number): string {
  const said = messages.map(({ role, content }) => `  ${role}\n${indented(content)}`);
  const answer = reply === undefined ? '  nothing came' : `  the reply\n${indented(reply)}`;
  return [`${number}. ${stage} asks ${printable(model)}`, ...said, answer].join('\n');
}

function reviewText({ review }: Example): string {
  const scores = Object.entries(review.scores).map(
    ([name, { score, reason }]) => `  ${printable(name)} ${scoreText(score)}: ${printable(reason, 400)}`,
  );
  const feedback = review.feedback === '' ? [] : [`  feedback: ${printable(review.feedback, 400)}`];
  return [`${review.verdict} with ${scoreText(review.score)} of 10`, ...scores, ...feedback].join('\n');
}

function letterText({ stage, kind, code, message }: History['deadLetters'][number]): string {
  return `No example: ${stage} gave it up, ${kind}/${code}\n${indented(message)}`;
}

function costText(calls: readonly KeptCall[], fresh: number): string {
  const made = fresh > 0 ? calls.slice(-fresh) : calls;
  const tokens = made.reduce((sum, call) => sum + call.tokens, 0);
  const usd = made.reduce((sum, call) => sum + (call.costUsd ?? 0), 0);
  const spent = spending(tokens, usd, made.filter(({ costUsd }) => costUsd === null).length);
  return fresh > 0
    ? `${plural(fresh, 'call')}: ${spent}. The same again costs nothing.`
    : `Nothing was asked: this was tried before (${count(calls.length)} calls: ${spent}).`;
}

function indented(text: string): string {
  return printableLines(text)
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
}
