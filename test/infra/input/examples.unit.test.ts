import { describe, expect, it } from 'vitest';
import { entriesOf } from './reading.ts';

const example = (name: string) => new URL(`../../../examples/${name}`, import.meta.url).pathname;

describe('the example files', () => {
  it('hold varied questions of every training type and nothing bad', async () => {
    const entries = await entriesOf(example('questions.jsonl'));
    const questions = entries.flatMap((entry) => (entry.kind === 'question' ? [entry] : []));
    expect(questions.length).toBe(entries.length);
    expect(questions.length).toBeGreaterThanOrEqual(48);
    expect(new Set(questions.map(({ question }) => question.topic)).size).toBeGreaterThanOrEqual(8);
    expect(new Set(questions.map(({ question }) => question.text)).size).toBe(questions.length);
    const types = new Set(questions.map(({ question }) => question.trainingType));
    expect([...types].sort()).toEqual(['conversation', 'dpo', 'reasoning', 'sft']);
    for (const has of ['id', 'metadata'] as const) expect(questions.some((entry) => entry[has])).toBe(true);
    expect(questions.some(({ question }) => question.context !== '')).toBe(true);
  });

  it.each(['questions.csv', 'questions.txt'])('read well from %s', async (name) => {
    const entries = await entriesOf(example(name));
    expect(entries.map((entry) => entry.kind)).toEqual(Array.from({ length: 5 }, () => 'question'));
  });
});
