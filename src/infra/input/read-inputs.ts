import { stat } from 'node:fs/promises';
import { Failure } from '../../streams/failure.ts';
import type { InputEntry, InputOptions } from './input-entry.ts';
import { readQuestions } from './read-questions.ts';

export type QuestionReader = (source: string, options: InputOptions) => AsyncIterable<InputEntry>;

/**
 * The entries of several inputs, one after the other, bad ones with the file they stand in. An empty file among others is passed
 * over. Throws what a single input throws; `input_empty` where all are empty.
 */
export async function* readInputs(
  sources: readonly string[],
  options: InputOptions,
  read: QuestionReader = readQuestions,
): AsyncGenerator<InputEntry> {
  let empty: Failure | undefined;
  let found = false;
  for (const source of sources) {
    try {
      for await (const entry of read(source, options)) {
        found = true;
        yield entry.kind === 'bad' ? { ...entry, file: nameOf(source) } : entry;
      }
    } catch (error) {
      if (!isEmpty(error) || sources.length === 1) throw error;
      empty ??= error;
    }
  }
  if (!found && empty !== undefined) throw empty;
}

/**
 * Throws what the inputs would throw at their first entry, so that nothing is asked before all can be read. Standard input and pipes
 * are left alone: what is read of them is gone.
 */
export async function assertReadable(sources: readonly string[], options: InputOptions): Promise<void> {
  for (const source of sources) {
    if (await isReadOnce(source)) continue;
    const entries = readInputs([source], options);
    try {
      await entries.next();
    } catch (error) {
      if (!isEmpty(error)) throw error;
    } finally {
      await entries.return(undefined);
    }
  }
}

async function isReadOnce(source: string): Promise<boolean> {
  if (source === '-') return true;
  const found = await stat(source).catch(() => undefined);
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

/** How people know the input. */
export function nameOf(source: string): string {
  return source === '-' ? 'standard input' : source;
}

function isEmpty(error: unknown): error is Failure {
  return error instanceof Failure && error.code === 'input_empty';
}
