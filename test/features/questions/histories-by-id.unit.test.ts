import { describe, expect, it } from 'vitest';
import { historiesById } from '../../../src/features/questions/histories-by-id.ts';
import { matchesText } from '../../../src/features/questions/matches-text.ts';
import type { History } from '../../../src/stages/store/store.ts';
import { questionOf } from '../../support/stage/stage-fixtures.ts';
import { questionId } from '../../support/stage/work.ts';

const ONE = '3fa2'.padEnd(24, '0');
const TWO = '17ab'.padEnd(24, '0');

function history(id: string, lane: string, userId?: string): History {
  const submission = { run: 'run-1', position: 0, ...(userId === undefined ? {} : { id: userId }) };
  const about = { lane, questionId: id, status: 'approved', question: questionOf() };
  return { ...about, submissions: [submission], works: [], deadLetters: [] };
}

/** A store of two questions, one of them in two lanes, called so by their askers. */
function reportsOf(names: Readonly<Record<string, string>>) {
  const stored = [history(ONE, 'main', names[ONE]), history(ONE, 'redo-1'), history(TWO, 'main', names[TWO])];
  return {
    histories: async (prefix: string) => stored.filter((each) => each.questionId.startsWith(prefix)),
    namedBy: async (prefix: string) =>
      Object.entries(names)
        .filter(([, userId]) => userId.startsWith(prefix))
        .map(([id, userId]) => ({ userId, questionId: questionId(id) })),
  };
}

async function meant(id: string, names: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const found = await historiesById(reportsOf(names), id);
  return found.map(({ questionId: own, lane }) => `${own.slice(0, 4)} ${lane}`);
}

describe('a question that a person means', () => {
  const names = { [ONE]: 'pg-013', [TWO]: 'pg-017' };

  it('is found by the id that its asker gave it, in every lane', async () => {
    expect(await meant('pg-013', names)).toEqual(['3fa2 main', '3fa2 redo-1']);
  });

  it('is found by the beginning of its own id, in any case', async () => {
    expect(await meant('3FA', names)).toEqual(['3fa2 main', '3fa2 redo-1']);
  });

  it('is found by the beginning of the id that its asker gave it', async () => {
    expect(await meant('pg-01', names)).toEqual(['3fa2 main', '3fa2 redo-1', '17ab main']);
    expect(await meant('pg-017', names)).toEqual(['17ab main']);
    expect(await meant('PG-017', names)).toEqual([]);
  });

  it('is the one that is called just so, where the own id of another begins so', async () => {
    expect(await meant('17', { ...names, [ONE]: '17' })).toEqual(['3fa2 main', '3fa2 redo-1']);
    expect(await meant('17a', { ...names, [ONE]: '17' })).toEqual(['17ab main']);
  });

  it('is all of those to whom their askers gave the same id', async () => {
    expect(await meant('same', { [ONE]: 'same', [TWO]: 'same' })).toHaveLength(3);
  });
});

it('several questions are listed, each on a line of 80 columns with what it is called', async () => {
  const text = matchesText('pg', [history(ONE, 'main', 'pg-013'), history(TWO, 'main', 'pg-\u202e017')]);
  const [head, first, second] = text.split('\n');
  expect(head).toBe('2 questions are called pg, or begin so. One of them: millrace show ID');
  expect(first).toBe(`  ${ONE} main approved (pg-013): Why is the sky blue?`);
  expect(second).toContain('(pg- 017)');
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});
