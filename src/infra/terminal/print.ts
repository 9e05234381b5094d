import { fitted } from './fitted.ts';
import { printableJson } from './format.ts';

/** Writes a text to standard output as it is, and nothing where there is nothing to say. */
export function print(text: string): void {
  if (text !== '') process.stdout.write(`${text}\n`);
}

/** Writes what a command found to standard output: as JSON where that is asked for, else as a text that fits the terminal. */
export function printFound(
  { json }: Readonly<{ json?: boolean | undefined }>,
  found: unknown,
  text: () => string,
): void {
  print(json === true ? printableJson(found) : fitted(text()));
}

/** The same of many things: as a line of JSON each, or as one text. */
export function printAll(
  { json }: Readonly<{ json?: boolean | undefined }>,
  found: readonly unknown[],
  text: () => string,
): void {
  print(json === true ? found.map((each) => printableJson(each)).join('\n') : fitted(text()));
}

/** Tells a person what stands beside the result: on standard error. */
export function note(text: string): void {
  process.stderr.write(`${fitted(text, process.stderr)}\n`);
}
