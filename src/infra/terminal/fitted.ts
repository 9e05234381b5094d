import { wrapped } from './format.ts';

/**
 * The text as a stream shows it without cutting words: at a terminal, a line that is longer than the terminal is wide is broken
 * between words and goes on under its own margin. Where no terminal is, nothing is changed: lines are for programs there.
 */
export function fitted(text: string, { columns }: Readonly<{ columns?: number }> = process.stdout): string {
  // A terminal that tells no width says 0.
  if (columns === undefined || columns === 0) return text;
  return text
    .split('\n')
    .flatMap((line) => (line.length <= columns ? [line] : brokenLine(line, columns)))
    .join('\n');
}

function brokenLine(line: string, columns: number): readonly string[] {
  const words = line.trimStart();
  return wrapped(words, line.slice(0, line.length - words.length), columns);
}
