import { Readable } from 'node:stream';
import type { InputEntry, InputOptions } from '../../../src/infra/input/input-entry.ts';
import { readQuestions } from '../../../src/infra/input/read-questions.ts';
import { Failure } from '../../../src/streams/failure.ts';

export const options: InputOptions = {
  defaults: { topic: 'chemistry', subTopic: 'acids', trainingType: 'sft' },
  trainingTypes: ['sft', 'reasoning', 'conversation', 'dpo', 'tool-calls'],
};

/** All entries of a file, or of standard input with these chunks. */
export async function entriesOf(source: string, given: Partial<InputOptions> = {}): Promise<InputEntry[]> {
  const entries: InputEntry[] = [];
  for await (const entry of readQuestions(source, { ...options, ...given })) entries.push(entry);
  return entries;
}

export function streamOf(...chunks: (string | Uint8Array)[]): Readable {
  return Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
}

/** Each entry in one line: the question's text, or the reason why it is bad. */
export function inShort(entries: readonly InputEntry[]): string[] {
  return entries.map((entry) =>
    entry.kind === 'question' ? `${entry.line} ${entry.question.text}` : `${entry.line} bad: ${entry.reason}`,
  );
}

/** The Failure that the promise ends in. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const end = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (end instanceof Failure) return end;
  throw new TypeError(`expected a Failure, came ${String(end)}`);
}
