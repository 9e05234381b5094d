import { describe, expect, it } from 'vitest';
import { Lookahead } from '../../../src/features/questions/lookahead.ts';
import type { InputEntry } from '../../../src/infra/input/input-entry.ts';

const question = (line: number): InputEntry => ({
  kind: 'question',
  line,
  question: { text: `${line}?`, context: '', topic: '', subTopic: '', trainingType: 'sft' },
});
const bad = (line: number): InputEntry => ({ kind: 'bad', line, reason: 'no', text: '' });

async function* supply(entries: readonly InputEntry[], onTaken: (line: number) => void = () => undefined) {
  for (const entry of entries) {
    onTaken(entry.line);
    yield entry;
  }
}

async function linesOf(entries: AsyncIterable<InputEntry>): Promise<number[]> {
  const lines: number[] = [];
  for await (const { line } of entries) lines.push(line);
  return lines;
}

describe('a look at the beginning of an input', () => {
  it('loses no question, and tells of each entry once', async () => {
    const heard: number[] = [];
    const ahead = new Lookahead(supply([question(1), bad(2), question(3)]), async ({ line }) => {
      heard.push(line);
    });
    expect(await ahead.look()).toBe('all');
    expect(await linesOf(ahead.entries())).toEqual([1, 3]);
    expect(heard).toEqual([1, 2, 3]);
  });

  it('reads a thousand entries, or the questions that are wanted, and no further', async () => {
    const many = Array.from({ length: 3_000 }, (_, index) => question(index + 1));
    let taken = 0;
    const count = (line: number) => {
      taken = line;
    };
    const ahead = new Lookahead(supply(many, count), async () => undefined);
    expect(await ahead.look()).toBe('beginning');
    expect(taken).toBe(1_000);
    expect(await linesOf(ahead.entries())).toHaveLength(3_000);
    const few = new Lookahead(supply(many, count), async () => undefined);
    expect([await few.look(2), taken]).toEqual(['beginning', 2]);
  });

  it('waits for no stream that falls silent after a question, and goes on with it later', async () => {
    const silence = Promise.withResolvers<void>();
    async function* slow() {
      yield question(1);
      await silence.promise;
      yield question(2);
    }
    const ahead = new Lookahead(slow(), async () => undefined);
    expect(await ahead.look()).toBe('some');
    silence.resolve();
    expect(await linesOf(ahead.entries())).toEqual([1, 2]);
  });
});
