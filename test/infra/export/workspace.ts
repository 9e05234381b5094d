import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import type { ExportedExample } from '../../../src/infra/export/dataset-file.ts';
import type { OutPlace } from '../../../src/infra/export/dataset-path.ts';
import type { Example } from '../../../src/stages/example.ts';
import { Failure } from '../../../src/streams/failure.ts';

const made: string[] = [];

afterEach(async () => {
  await Promise.all(made.splice(0).map((directory) => rm(directory, { recursive: true, force: true })));
});

/** An empty directory that is gone after the test. */
export async function emptyDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-export-'));
  made.push(directory);
  return directory;
}

/** A dataset of one file. */
export const file = (path: string): OutPlace => ({ kind: 'file', path });

export async function* streamOf(...examples: readonly Example[]): AsyncGenerator<ExportedExample> {
  for (const example of examples) yield { example };
}

export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  return expect.fail('no Failure was thrown');
}
