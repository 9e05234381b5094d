import { hash } from 'node:crypto';
import { plural, printable } from '../../infra/terminal/format.ts';
import { questionIdOf } from '../../stages/question.ts';
import type { Asked } from './question-record.ts';

/** So many are remembered: memory must not grow with what is asked. */
const MOST_KNOWN = 100_000;

/**
 * The same questions. When they have all been taken, it tells how many came again with another reference answer: a reference is no part of a
 * question, so the first one counts. Of those beyond the first 100,000 with a reference nothing is told.
 */
export async function* toldOfReferences(
  asked: AsyncIterable<Asked>,
  tell: (text: string) => void,
): AsyncGenerator<Asked> {
  const known = new Map<string, string>();
  const others: string[] = [];
  let count = 0;
  for await (const each of asked) {
    if (each.question.reference !== undefined && differs(known, each)) {
      count += 1;
      if (others.length < 1) others.push(each.question.text);
    }
    yield each;
  }
  if (count === 0) return;
  const came = `${plural(count, 'question')} came again with another reference answer: the first one counts.`;
  tell(`${came} One of them: ${printable(others.join(), 100)}`);
}

function differs(known: Map<string, string>, { question }: Asked): boolean {
  const id = questionIdOf(question);
  const reference = hash('sha256', question.reference ?? '', 'base64').slice(0, 16);
  const first = known.get(id);
  if (first === undefined && known.size < MOST_KNOWN) known.set(id, reference);
  return first !== undefined && first !== reference;
}
