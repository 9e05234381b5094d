import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { embeddedFacts } from '../../support/invariants/embedded-facts.ts';
import { violations, violationsAtAnyTime } from '../../support/invariants.ts';
import { ended } from '../../support/process/millrace.ts';
import { RunRig } from '../../support/process/run-rig.ts';
import { LOOKED_UP, writeCases } from '../../support/run/cases.ts';
import { settleDown } from '../../support/run/settle-down.ts';

const POINT = fileURLToPath(new URL('../../support/process/step-point.ts', import.meta.url));
/** Three turns, and what writes and judges. */
const CALLS = 5;

it('a question that is looked up is killed before and after each write of its loop: it goes on behind what stands, and no call is made twice', async () => {
  const rig = await RunRig.open({ questions: 1, flags: ['--quiet', '--research', 'tools'] });
  expect(await rig.command('sources', 'add', await writeCases(rig.dir))).toMatchObject({ code: 0 });
  const keys = async () => (await embeddedFacts(rig.data, 'millrace')).steps.map(({ key }) => key);
  for (const [n, key] of LOOKED_UP.entries())
    for (const moment of ['before', 'after'] as const) {
      const which = `${moment} ${key}`;
      const killed = await ended(rig.startNode(POINT, key, moment, ...rig.args()));
      expect(killed.signal, `${which}: ${killed.stderr}`).toBe('SIGKILL');
      expect(await keys(), which).toEqual(LOOKED_UP.slice(0, moment === 'before' ? n : n + 1));
      expect(await violationsAtAnyTime(rig.data), which).toEqual([]);
    }
  for (const moment of ['before', 'after'] as const)
    expect(await ended(rig.startNode(POINT, 'complete', moment, ...rig.args()))).toMatchObject({
      signal: 'SIGKILL',
    });
  expect(await rig.run()).toMatchObject({ code: 0 });
  await settleDown(rig.data, rig.server.url);
  expect(await keys()).toEqual(LOOKED_UP);
  // An answer that arrived stands in the journal, so that a kill before its write costs nothing.
  const stats = await rig.server.quietStats();
  expect(stats).toMatchObject({ started: CALLS, answered: CALLS, paidTwice: [] });
  expect(await violations(rig.data, { calls: stats })).toEqual([]);
});
