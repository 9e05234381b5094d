import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { runQuestions } from '../../../../src/features/run/run.ts';
import { openSession } from '../../../../src/features/run/session/open-session.ts';
import { reasonsNotReady } from '../../../../src/features/serve/readiness.ts';
import { parseSettings } from '../../../../src/infra/config/load-settings.ts';
import { askedQuestions } from '../../../support/run/run-here.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { until } from '../../../support/until.ts';

it('a record whose write got no answer is told of and makes its process unready, while its neighbours end', async () => {
  const data = await tempDir();
  const session = await openSession({
    settings: parseSettings({ data, simulate: 'latency=0ms' }),
    stuckMs: 1_000,
  });
  const stuck = () =>
    session.alarms.open.find(({ kind, subject }) => kind === 'record_stuck' && subject === 'research');
  const answer = Promise.withResolvers<void>();
  const { research } = session.engine.store;
  const complete = research.complete.bind(research);
  vi.spyOn(research, 'complete').mockImplementationOnce(async (held, finished) => {
    await answer.promise;
    return complete(held, finished);
  });
  try {
    const run = runQuestions(session, { asked: askedQuestions(4), input: 'test' });
    const alarm = await until('it is seen', stuck);
    expect(alarm.text).toContain('.research:0:');
    expect(reasonsNotReady(session)).toContainEqual(
      expect.objectContaining({ code: 'record_stuck', subject: 'research' }),
    );
    await until('its neighbours are worked', () => session.stages.get('research')?.unsettled() === 1);
    answer.resolve();
    await until('it is over', () => stuck() === undefined);
    expect((await run).open).toBe(0);
  } finally {
    answer.resolve();
    await session.close();
  }
  const log = await readFile(join(data, `${session.namespace}.log`), 'utf8');
  expect(log).toContain('"alarm":"record_stuck"');
});
