import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { mongoFacts } from '../../support/invariants/mongo-facts.ts';
import { startNode } from '../../support/process/child.ts';
import { ended, MAIN, programOf } from '../../support/process/millrace.ts';
import { LOOKED_UP, writeCases } from '../../support/run/cases.ts';
import { describeOnServers } from '../../support/servers/on-servers.ts';
import { searchServer } from '../../support/web/search-server.ts';
import { AT_ONCE, WorkerRig } from './worker-rig.ts';

const POINT = programOf('step-point');
const MS = 600_000;
/** The steps of a question that searches the web, and of nothing else. */
const SEARCHED = ['search/0', 'turn/0', 'result/turn/0/0', 'turn/1'];
const ENV = { MILLRACE_RESEARCH: 'tools', ...AT_ONCE };
/** Where each worker dies, and how many steps stand then. */
const KILLS = [
  ['seen', 'before', 0],
  ['search/0', 'after', 1],
  ['turn/0', 'before', 1],
  ['result/turn/0/0', 'after', 3],
  ['turn/1', 'after', 4],
  ['cited', 'before', 6],
  ['complete', 'before', 6],
  ['complete', 'after', 6],
] as const;

await describeOnServers('a worker whose model looks things up, killed between two writes', (servers) => {
  it(
    'goes on behind the last step that stands, and no call that was answered is made twice',
    async () => {
      const rig = await WorkerRig.open(servers, 1, {});
      const { dir, data, namespace } = rig;
      const env = { MILLRACE_KAFKA: servers.kafka, MILLRACE_MONGO: servers.mongo };
      const add = [MAIN, 'sources', 'add', await writeCases(dir), '--data', data, '--namespace', namespace];
      expect(await ended(startNode(add, { cwd: dir, env }))).toMatchObject({ code: 0 });
      const start = (key: string, moment: string) => rig.startNode([POINT, key, moment, 'worker'], ENV);
      const keys = async () => (await mongoFacts(servers.mongo, namespace)).steps.map(({ key }) => key);
      for (const [key, moment, kept] of KILLS) {
        const which = `${moment} ${key}`;
        const { signal, stderr } = await ended(start(key, moment));
        expect(signal, `${which}: ${stderr}`).toBe('SIGKILL');
        expect(await keys(), which).toEqual(LOOKED_UP.slice(0, kept));
      }
      const last = start('', '');
      await rig.untilStatus('approved', 1);
      last.kill('SIGTERM');
      await last.exited;
      expect(await keys()).toEqual(LOOKED_UP);
      expect(await rig.llm.quietStats()).toMatchObject({ started: 5, answered: 5, paidTwice: [] });
      const { quotedSources } = await mongoFacts(servers.mongo, namespace);
      expect(quotedSources).toMatchObject([{ source: 'documents:manuals/cases.md' }]);
    },
    MS,
  );

  it(
    'makes no search again that was paid for, killed before and after it is kept for others',
    async () => {
      const search = await searchServer();
      onTestFinished(() => search[Symbol.asyncDispose]());
      const answered: string[] = [];
      let allowed = 1;
      search.answers(({ query }) => {
        // One a worker, so that none is in flight when it dies, and one is left for the next.
        if (answered.length === allowed && !answered.includes(query)) return { status: 503, body: '' };
        answered.push(query);
        const url = `https://example.org/${encodeURIComponent(query)}`;
        const excerpt = `Every case must behave as its spring tells it. This is on: ${query}`;
        return { status: 200, hits: [{ title: 'Cases', url, excerpt }] };
      });
      const rig = await WorkerRig.open(servers, 2, {});
      const { dir, namespace } = rig;
      const config = join(dir, 'searches.json');
      const web = { provider: 'searxng', baseUrl: search.url('/searxng'), price: 0.01 };
      await writeFile(config, JSON.stringify({ lookUpTools: { web } }));
      const flags = ['--config', config, '--batch-size', '1'];
      const start = (key: string, moment: string) =>
        rig.startNode([POINT, key, moment, 'worker', ...flags], ENV);
      for (const moment of ['before', 'after']) {
        const { signal, stderr } = await ended(start('kept', moment));
        expect(signal, `${moment}: ${stderr}`).toBe('SIGKILL');
        allowed += 1;
      }
      const last = start('', '');
      await rig.untilStatus('approved', 2);
      last.kill('SIGTERM');
      await last.exited;
      expect(new Set(answered).size).toBe(2);
      expect(answered).toHaveLength(2);
      const { steps } = await mongoFacts(servers.mongo, namespace);
      expect(steps.map(({ key }) => key).toSorted()).toEqual([...SEARCHED, ...SEARCHED].toSorted());
    },
    MS,
  );
});
