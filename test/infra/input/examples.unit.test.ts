import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { shownRow } from '../../../scripts/shown-row.ts';
import { ruleOf } from '../../../src/stages/formats/format.ts';
import { formatNamed } from '../../../src/stages/formats/index.ts';
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

  it('hold rows as a real model may write them, of questions that are asked here; the first fits a terminal', async () => {
    const lines = (await readFile(example('rows.jsonl'), 'utf8')).trim().split('\n');
    const asked = await readFile(example('questions.jsonl'), 'utf8');
    const rule = ruleOf(formatNamed('openai'), 'answers');
    for (const line of lines) {
      const row = JSON.parse(line);
      expect(rule?.safeParse(row).success).toBe(true);
      expect(asked).toContain(JSON.stringify(row.messages[0].content));
    }
    const shown = shownRow(lines[0] ?? '').split('\n');
    expect(shown.length).toBeLessThan(14);
    for (const line of shown) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each(['questions.csv', 'questions.txt'])('read well from %s', async (name) => {
    const entries = await entriesOf(example(name));
    expect(entries.map((entry) => entry.kind)).toEqual(Array.from({ length: 5 }, () => 'question'));
  });
});
