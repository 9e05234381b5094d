import { expect, it } from 'vitest';
import { openSession } from '../../../../src/features/run/session/open-session.ts';
import { reasonsNotReady } from '../../../../src/features/serve/readiness.ts';
import { parseSettings } from '../../../../src/infra/config/load-settings.ts';
import { outageSignal } from '../../../support/failures.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { until } from '../../../support/until.ts';

it('a session is ready at work, and not with a full disk or a server that is away', async () => {
  const notices: string[] = [];
  const session = await openSession({
    settings: parseSettings({ data: await tempDir(), dryRun: true, leastFreeDiskMb: 2 ** 50 }),
    onNotice: (text) => notices.push(text),
  });
  try {
    await until('the disk was looked at', () => session.alarms.open.length > 0);
    expect(reasonsNotReady(session)).toMatchObject([{ code: 'disk_nearly_full' }]);
    expect(notices).toHaveLength(1);
    session.alarms.clear('disk_nearly_full', session.settings.data);
    await until('it has its partitions', () => reasonsNotReady(session).length === 0);
    const [gate] = session.endpoints.values();
    for (let call = 0; call < 5; call += 1) gate?.circuit.onOutage(outageSignal());
    expect(reasonsNotReady(session)).toMatchObject([{ code: 'circuit_open', subject: 'simulated' }]);
    gate?.circuit.onAnswered();
    expect(reasonsNotReady(session)).toEqual([]);
  } finally {
    await session.close();
  }
  expect(reasonsNotReady(session)).toMatchObject([{ code: 'stopping' }]);
});
