import { plural, printable } from '../../infra/terminal/format.ts';
import type { History } from '../../stages/store/store.ts';

const COLUMNS = 80;

/** Several questions as a list, a line each in every lane, from which a person picks one. */
export function matchesText(id: string, histories: readonly History[]): string {
  const questions = new Set(histories.map(({ questionId }) => questionId)).size;
  const head = `${plural(questions, 'question')} are called ${printable(id, 40)}, or begin so. One of them: millrace show ID`;
  return [head, ...histories.map(matchText)].join('\n');
}

function matchText({ questionId, lane, status, question, submissions }: History): string {
  const [named] = [...new Set(submissions.flatMap(({ id }) => id ?? []))];
  const as = named === undefined ? '' : ` (${printable(named, 24)})`;
  return `  ${printable(`${questionId} ${lane} ${status}${as}: ${question.text}`, COLUMNS - 2)}`;
}
