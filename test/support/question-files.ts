import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The text of the question with this number; no number's text is a part of another's. */
export function questionText(number: number): string {
  return `Why does case ${String(number).padStart(3, '0')} behave as it does?`;
}

/** A `questions.jsonl` of so many questions in the directory; returns its path. */
export async function writeQuestions(directory: string, count: number): Promise<string> {
  const path = join(directory, 'questions.jsonl');
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({ question: questionText(index), id: `q-${index}`, topic: 'physics' }),
  );
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}
