import type { BenchCase, Figure } from '../bench-case.ts';
import { writeQuestions } from '../support/questions.ts';
import { startWarmServer } from '../support/scripted-server.ts';
import { newSite, type Servers, startServers } from '../support/servers.ts';
import { median } from '../support/statistics.ts';
import { viewOf } from '../support/stored-in-mongo.ts';
import { command, startWorker } from '../support/workers.ts';
import { workspace } from '../support/workspace.ts';

const QUESTIONS = 100;
const LATENCY_MS = { research: 300, candidate: 200, review: 140 };
const IDEAL_SECONDS = (QUESTIONS * 0.3) / 10 + 0.34;
const REPEATS = 3;

/** The same work as `latency`, on Kafka and MongoDB. */
export const distributedLatency: BenchCase = {
  name: 'distributed-latency',
  title: `(h) Kafka and MongoDB: ${QUESTIONS} questions, calls of 300/200/140 ms, batch size 10`,
  minutes: 0.4,
  async run(say) {
    await using servers = await startServers();
    const runs: number[] = [];
    for (let repeat = 1; repeat <= REPEATS; repeat += 1) {
      say(`run ${repeat} of ${REPEATS}`);
      runs.push(await measure(servers));
    }
    const figure: Figure = {
      name: 'first call to last store / ideal',
      unit: 'x',
      target: { most: 1.15 },
      value: median(runs),
      runs,
    };
    return [figure];
  },
};

/** The worker is at work and idle when the questions come. */
async function measure(servers: Servers): Promise<number> {
  using space = workspace();
  const site = newSite(servers);
  await using model = await startWarmServer({ latencyMs: LATENCY_MS });
  await using view = await viewOf(site);
  const at = { space, site, baseUrl: model.url };
  const file = space.path('questions.jsonl');
  await writeQuestions(file, QUESTIONS);
  await command(at, ['topics', 'create']);
  const worker = startWorker(at, 'worker', ['--batch-size', '10']);
  await command(at, ['ingest', file]);
  await view.until('approved', QUESTIONS);
  const { firstCallMs, lastStoreMs } = await view.span('dataset');
  await worker.stop();
  return (lastStoreMs - firstCallMs) / 1_000 / IDEAL_SECONDS;
}
