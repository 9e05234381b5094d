import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The text of the question with this number; no number's text is a part of another's. */
export function questionText(number: number): string {
  return `Why does case ${String(number).padStart(3, '0')} behave as it does?`;
}

/** A `questions.jsonl` of the questions below that number in the directory; returns its path. */
export async function writeQuestions(directory: string, count: number, from = 0): Promise<string> {
  const path = join(directory, 'questions.jsonl');
  const lines = Array.from({ length: count - from }, (_, index) =>
    JSON.stringify({ question: questionText(from + index), id: `q-${from + index}`, topic: 'physics' }),
  );
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}
