import { expect, it } from 'vitest';
import { newLane, questionOf, workOf } from '../../../src/testing/store/fixtures.ts';
import { MemoryStore } from '../../infra/engines/memory/store.ts';
import { MemoryTables } from '../../infra/engines/memory/tables.ts';

it('a list of one status reads the questions of that status alone', async () => {
  const tables = new MemoryTables();
  const store = new MemoryStore(tables);
  const lane = newLane();
  const [work] = await Promise.all(
    ['few', 'many'].map(async (text) => {
      const asked = workOf(questionOf(text), { lane });
      await store.questions.accept(asked, questionOf(text), undefined);
      return asked;
    }),
  );
  if (work === undefined) return expect.fail('nothing was asked');
  await store.move({ work, status: 'researched' });
  for (const [id, row] of tables.rows('questions'))
    if (row['status'] === 'pending') tables.rows('questions').set(id, { ...row, question: 'never read' });
  const { questions } = await store.list.page({ lane, status: 'researched' });
  expect(questions.map(({ question }) => question.text)).toEqual(['few']);
  await expect(store.list.page({ lane })).rejects.toMatchObject({ code: 'unreadable_data' });
});
