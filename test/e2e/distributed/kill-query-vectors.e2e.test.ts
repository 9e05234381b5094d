import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startScriptedLlmServer } from '../../support/llm/scripted-llm-server.ts';
import { arrivalsIn } from '../../support/process/arrivals.ts';
import { startNode } from '../../support/process/child.ts';
import { ended, MAIN, VECTOR_ARRIVAL_POINT } from '../../support/process/millrace.ts';
import { writeCases } from '../../support/run/cases.ts';
import { describeOnServers } from '../../support/servers/on-servers.ts';
import { AT_ONCE, SLOW_MS, WorkerRig } from './worker-rig.ts';

const BATCH = 2;
const QUESTIONS = 4;
/** At which vector of a query each worker dies. */
const KILLED_AT = [1, 1];
const ENV = { MILLRACE_RESEARCH: 'sources', ...AT_ONCE };

await describeOnServers(
  'a worker that searches by vectors, killed as the vector of a query arrives',
  (servers) => {
    it(
      'embeds no query again whose vector had come, once it starts again',
      async () => {
        const vectors = await startScriptedLlmServer();
        onTestFinished(() => vectors.close());
        const rig = await WorkerRig.open(servers, QUESTIONS, { latencyMs: 10 });
        const config = join(rig.dir, 'vectors.json');
        await writeFile(
          config,
          JSON.stringify({ embeddings: { model: 'e', baseUrl: vectors.url, price: 1 } }),
        );
        const place = { MILLRACE_KAFKA: servers.kafka, MILLRACE_MONGO: servers.mongo };
        const addArgs = [MAIN, 'sources', 'add', await writeCases(rig.dir), '--config', config];
        const adding = startNode([...addArgs, '--data', rig.data], {
          cwd: rig.dir,
          env: { ...place, MILLRACE_NAMESPACE: rig.namespace },
        });
        expect(await ended(adding)).toMatchObject({ code: 0 });
        const marks = join(rig.dir, 'arrivals');
        const start = (vector: number) => {
          const flags = ['worker', '--batch-size', String(BATCH), '--config', config];
          return rig.startNode([VECTOR_ARRIVAL_POINT, marks, String(vector), 'journal', ...flags], ENV);
        };
        for (const [index, vector] of KILLED_AT.entries()) {
          // On a busy machine all of them may come in the turn of one kill.
          if (index > 0 && arrivalsIn(marks).length === QUESTIONS) break;
          expect(await ended(start(vector))).toMatchObject({ signal: 'SIGKILL' });
        }
        const last = start(0);
        await rig.untilStatus('approved', QUESTIONS);
        last.kill('SIGTERM');
        await last.exited;

        expect(arrivalsIn(marks)).toHaveLength(QUESTIONS);
      },
      SLOW_MS,
    );
  },
);
