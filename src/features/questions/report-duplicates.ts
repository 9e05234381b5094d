import { hash } from 'node:crypto';
import { plural, printable } from '../../infra/terminal/format.ts';
import { questionIdOf } from '../../stages/question.ts';
import type { Asked } from './question-record.ts';

/** So many are remembered of each kind: memory must not grow with what is asked. */
const MOST_KNOWN = 100_000;

/**
 * The same questions. When they have all been taken, it tells how many came again with another reference answer (a reference is no part of a
 * question, so the first one counts), how many with another answer to judge, and how many rows have the id of another question. Of what
 * comes beyond the first 100,000 of a kind nothing is told.
 */
export async function* reportDuplicates(
  asked: AsyncIterable<Asked>,
  tell: (text: string) => void,
): AsyncGenerator<Asked> {
  const [references, answers, ids] = [new Others(), new Others(), new Others()];
  for await (const each of asked) {
    const { question, id } = each;
    if (question.reference !== undefined)
      references.take(questionIdOf(question), shortHash(question.reference), question.text);
    const bare = question.given === undefined && id === undefined ? '' : bareIdOf(each);
    if (question.given !== undefined) answers.take(bare, question.given.sha256, question.text);
    if (id !== undefined) ids.take(id, bare, id);
    yield each;
  }
  const { count, example } = references;
  if (count > 0)
    tell(
      `${plural(count, 'question')} came again with another reference answer: the first one counts. One of them: ${example}`,
    );
  if (answers.count > 0)
    tell(
      `${plural(answers.count, 'question')} came again with another answer: each answer is judged by itself, and each good one becomes an example. One of them: ${answers.example}`,
    );
  if (ids.count > 0)
    tell(
      `${plural(ids.count, 'row')} ${ids.count === 1 ? 'has' : 'have'} the id of another question: each question is asked, and keeps that id. One such id: ${ids.example}`,
    );
}

/** Counts what comes again under a key with another value than the first time. */
class Others {
  readonly #known = new Map<string, string>();
  count = 0;
  /** The first that came so, for people. */
  example = '';

  take(key: string, value: string, shown: string): void {
    const first = this.#known.get(key);
    if (first === undefined && this.#known.size < MOST_KNOWN) this.#known.set(key, value);
    if (first === undefined || first === value) return;
    if (this.count === 0) this.example = printable(shown, 100);
    this.count += 1;
  }
}

/** Of the question alone, whatever answer it brings. */
function bareIdOf({ question }: Asked): string {
  if (question.given === undefined) return questionIdOf(question);
  const { given: _, ...bare } = question;
  return questionIdOf(bare);
}

function shortHash(text: string): string {
  return hash('sha256', text, 'base64').slice(0, 16);
}
