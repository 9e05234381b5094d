import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/streams/failure.ts';
import { HOSTILE_QUESTIONS } from '../../support/hostile-questions.ts';
import { entriesOf } from './reading.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-strangers-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const piece = fc.constantFrom(
  ...['{', '}', '[', ']', '"', ',', ':', '\n', '\r\n', '\\', 'question', '"question":"a"', 'null', '1e999'],
  ...['\u0000', '\ufeff', '\u2028', 'text', ...HOSTILE_QUESTIONS.slice(0, 29)],
);
const nearly = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
const content = fc.oneof(nearly, fc.json(), fc.uint8Array({ maxLength: 400 }));

describe('an input file of a stranger', () => {
  it('is questions, bad entries with a line and a reason, or a classified failure', async () => {
    const extension = fc.constantFrom('jsonl', 'json', 'csv', 'txt');
    await fc.assert(
      fc.asyncProperty(extension, content, async (kind, bytes) => {
        const path = join(directory, `input.${kind}`);
        await writeFile(path, bytes);
        const read = await entriesOf(path).catch((error: unknown) => error);
        if (!Array.isArray(read)) expect(read).toBeInstanceOf(Failure);
        else for (const { line } of read) expect(line).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});
