import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readQuestions } from '../../../src/infra/input/read-questions.ts';
import { heldMemory } from '../../support/held-memory.ts';
import { options } from './reading.ts';

/** A line of 300 MB must not be held, nor 250,000 questions, which are 50 MB and more. */
const MAX_GROWTH_BYTES = 40_000_000;

function* chunks(count: number, of: (index: number) => string): Generator<Buffer> {
  for (let index = 0; index < count; index += 1) yield Buffer.from(of(index));
}

/** Counts the entries, and the bytes by which what is held grew at most while they were read. */
async function measure(stdin: Readable): Promise<{ questions: number; bad: number; growth: number }> {
  const counts = { question: 0, bad: 0 };
  const before = await heldMemory();
  let growth = 0;
  for await (const entry of readQuestions('-', { ...options, stdin })) {
    counts[entry.kind] += 1;
    if (counts.question % 25_000 === 0) growth = Math.max(growth, (await heldMemory()) - before);
  }
  return { questions: counts.question, bad: counts.bad, growth };
}

describe('memory', () => {
  it('does not grow with the number of lines', async () => {
    const thousandLines = (index: number) =>
      `{"question": "What is ${index}?", "topic": "maths"}\n`.repeat(1_000);
    const { questions, growth } = await measure(Readable.from(chunks(250, thousandLines)));
    expect(questions).toBe(250_000);
    expect(growth).toBeLessThan(MAX_GROWTH_BYTES);
  });

  it('does not grow with the length of a line', async () => {
    const piece = 'x'.repeat(100_000);
    const line = (index: number) => (index === 2_999 ? '\nWhy?\n' : piece);
    const { questions, bad, growth } = await measure(Readable.from(chunks(3_000, line)));
    expect({ questions, bad }).toEqual({ questions: 1, bad: 1 });
    expect(growth).toBeLessThan(MAX_GROWTH_BYTES);
  });
});
