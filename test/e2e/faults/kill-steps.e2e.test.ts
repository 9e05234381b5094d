import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { embeddedFacts } from '../../support/invariants/embedded-facts.ts';
import { violations, violationsAtAnyTime } from '../../support/invariants.ts';
import { ended, programOf } from '../../support/process/millrace.ts';
import { RunRig } from '../../support/process/run-rig.ts';
import { LOOKED_UP, writeCases } from '../../support/run/cases.ts';
import { settleDown } from '../../support/run/settle-down.ts';
import { searchServer } from '../../support/web/search-server.ts';

const POINT = programOf('step-point');
/** Three turns, and what writes and judges. */
const CALLS = 5;

/** Each write of the loop in order, and how many steps stand then. What is noted of a step has its "after" in the "before" of the step. */
const KILLS = [
  ...LOOKED_UP.flatMap((key, n) => [
    ...(key.startsWith('turn/') ? [] : [{ key: 'seen', moment: 'before', kept: n }]),
    { key, moment: 'before', kept: n },
    { key, moment: 'after', kept: n + 1 },
  ]),
  { key: 'cited', moment: 'before', kept: LOOKED_UP.length },
  { key: 'complete', moment: 'before', kept: LOOKED_UP.length },
  { key: 'complete', moment: 'after', kept: LOOKED_UP.length },
];

const keysIn = async ({ data }: RunRig) =>
  (await embeddedFacts(data, 'millrace')).steps.map(({ key }) => key);

it('a question that is looked up is killed before and after each write of its loop: it goes on behind what stands, and no call is made twice', async () => {
  const rig = await RunRig.open({ questions: 1, flags: ['--quiet', '--research', 'tools'] });
  expect(await rig.command('sources', 'add', await writeCases(rig.dir))).toMatchObject({ code: 0 });
  for (const { key, moment, kept } of KILLS) {
    const which = `${moment} ${key}, behind ${kept} steps`;
    const killed = await ended(rig.startNode(POINT, key, moment, ...rig.args()));
    expect(killed.signal, `${which}: ${killed.stderr}`).toBe('SIGKILL');
    expect(await keysIn(rig), which).toEqual(LOOKED_UP.slice(0, kept));
    expect(await violationsAtAnyTime(rig.data), which).toEqual([]);
  }
  expect(await rig.run()).toMatchObject({ code: 0 });
  await settleDown(rig.data, rig.server.url);
  expect(await keysIn(rig)).toEqual(LOOKED_UP);
  // An answer that arrived stands in the journal, so that a kill before its write costs nothing.
  const stats = await rig.server.quietStats();
  expect(stats).toMatchObject({ started: CALLS, answered: CALLS, paidTwice: [] });
  expect(await violations(rig.data, { calls: stats })).toEqual([]);
});

it('a search that was kept for whoever asks the same is not made again after a kill before its step', async () => {
  const search = await searchServer();
  onTestFinished(() => search[Symbol.asyncDispose]());
  const excerpt = 'Every case must behave as its spring tells it.';
  search.answers(() => ({
    status: 200,
    hits: [{ title: 'Cases', url: 'https://example.org/cases', excerpt }],
  }));
  const rig = await RunRig.open({ questions: 1, flags: ['--quiet', '--research', 'tools'] });
  const config = join(rig.dir, 'searches.json');
  const lookUpTools = { web: { provider: 'searxng', baseUrl: search.url('/searxng') } };
  await writeFile(config, JSON.stringify({ lookUpTools }));
  const args = rig.args('--config', config);
  for (const moment of ['before', 'after']) {
    const killed = await ended(rig.startNode(POINT, 'kept', moment, ...args));
    expect(killed.signal, `${moment}: ${killed.stderr}`).toBe('SIGKILL');
    expect(await keysIn(rig), moment).toEqual(['search/0', 'turn/0']);
  }
  expect(await rig.run('--config', config)).toMatchObject({ code: 0 });
  expect(await keysIn(rig)).toEqual(['search/0', 'turn/0', 'result/turn/0/0', 'turn/1']);
  // Free ones stand in no journal: that of the first kill was in flight, that of the second is a row.
  expect(search.seen).toHaveLength(2);
});
