import type { BenchCase, Figure } from '../bench-case.ts';
import { writeQuestions } from '../support/questions.ts';
import { startWarmServer } from '../support/scripted-server.ts';
import { newSite, type Servers, startServers } from '../support/servers.ts';
import { viewOf } from '../support/stored-in-mongo.ts';
import { command, startWorker } from '../support/workers.ts';
import { workspace } from '../support/workspace.ts';

const QUESTIONS = 1_200;
const LATENCY_MS = { research: 300, candidate: 0, review: 0 };
const AT_ONCE = 5;
const IDEAL_PER_WORKER = AT_ONCE / (LATENCY_MS.research / 1_000);
const WORKERS = [1, 2, 4];

type Measured = Readonly<{
  workers: number;
  steady: number;
  perSecond: number;
  paidTwice: number;
  examples: number;
}>;

/** Whether a stage goes faster by as much as it has workers. */
export const scaling: BenchCase = {
  name: 'scaling',
  title: `(f) research by 1, 2 and 4 workers on Kafka and MongoDB: ${QUESTIONS} questions, 300 ms a call, ${AT_ONCE} at once each`,
  minutes: 2,
  async run(say) {
    await using servers = await startServers();
    const measured: Measured[] = [];
    for (const workers of WORKERS) {
      say(`${workers} worker${workers > 1 ? 's' : ''} of research`);
      measured.push(await measure(servers, workers));
    }
    return measured.flatMap(figuresOf);
  },
};

/** All questions wait in their topic before the workers of research start. */
async function measure(servers: Servers, workers: number): Promise<Measured> {
  using space = workspace();
  const site = newSite(servers);
  await using model = await startWarmServer({ latencyMs: LATENCY_MS });
  await using view = await viewOf(site);
  const at = { space, site, baseUrl: model.url };
  const file = space.path('questions.jsonl');
  await writeQuestions(file, QUESTIONS);
  await command(at, ['topics', 'create']);
  await command(at, ['ingest', file]);
  const rest = startWorker(at, 'rest', ['--stage', 'questions,generation,review,storage']);
  await view.until('questions_added', QUESTIONS);
  const researchers = Array.from({ length: workers }, (_, index) =>
    startWorker(at, `research-${index}`, ['--stage', 'research', '--concurrency', `research=${AT_ONCE}`]),
  );
  await view.until('approved', QUESTIONS);
  const { firstCallMs, lastStoreMs } = await view.span('research');
  await Promise.all([rest, ...researchers].map((worker) => worker.stop()));
  const { paidTwice } = await model.stats();
  return {
    workers,
    steady: await view.steadyRate('research'),
    perSecond: QUESTIONS / ((lastStoreMs - firstCallMs) / 1_000),
    paidTwice: paidTwice.length,
    examples: await view.count('approved'),
  };
}

function figuresOf({ workers, steady, perSecond, paidTwice, examples }: Measured): Figure[] {
  const name = `${workers} worker${workers > 1 ? 's' : ''}`;
  const ideal = workers * IDEAL_PER_WORKER;
  return [
    { name: `${name}: questions a second, first call to last`, unit: '/s', value: perSecond },
    { name: `${name}: questions a second, the middle three fifths`, unit: '/s', value: steady },
    { name: `${name}: the same of the ideal ${ideal.toFixed(1)}`, unit: 'x', value: steady / ideal },
    { name: `${name}: calls paid twice`, unit: '', value: paidTwice, target: { most: 0 }, must: true },
    { name: `${name}: examples`, unit: '', value: examples, target: { least: QUESTIONS }, must: true },
  ];
}
