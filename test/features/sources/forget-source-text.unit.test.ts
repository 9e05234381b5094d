import { describe, expect, it } from 'vitest';
import type { ForgetSourcePlan } from '../../../src/features/sources/forget-source.ts';
import { sourcePlanText } from '../../../src/features/sources/forget-source-command.ts';

const holdings = { questions: 2, submissions: 2, works: 6, examples: 2, deadLetters: 0 };
const questions = { ids: ['q1', 'q2'], holdings, unfinished: [], waiting: 0 };
const plan = {
  ...{ key: 'documents:manuals', unfinished: [], documents: 3, questions, seen: 1 },
} as unknown as ForgetSourcePlan;
const textOf = (dry: boolean) => sourcePlanText(plan, { namespace: 'millrace', dry });

describe('what forgetting a source would do', () => {
  it('is told as what would happen, and that nothing has: the command that does it comes last', () => {
    const lines = textOf(true).split('\n');
    expect(lines[0]).toBe('documents:manuals: 3 documents would leave the index for good.');
    expect(lines).toContain('The questions that cite it would be forgotten:');
    expect(lines.at(-1)).toMatch(/^Dry run: nothing was erased\. The same command without --dry-run/);
  });

  it('is told as what happens before it does', () => {
    expect(textOf(false)).toContain('3 documents leave the index for good.');
    expect(textOf(false)).toContain('The questions that cite it are forgotten:');
    const one = sourcePlanText({ ...plan, documents: 1 }, { namespace: 'millrace', dry: false });
    expect(one).toContain('1 document leaves the index for good.');
    expect(textOf(false)).not.toMatch(/would|Dry run/);
  });

  it('names no documents where none is meant, as of a server of tools', () => {
    const text = sourcePlanText(
      { ...plan, key: 'tool:wiki' as never, documents: 0 },
      { namespace: 'millrace', dry: true },
    );
    expect(text.split('\n')[0]).toBe('tool:wiki: nothing of it stands in the index of documents.');
  });
});
