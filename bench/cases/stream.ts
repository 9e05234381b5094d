import { setTimeout as sleep } from 'node:timers/promises';
import { createProducer } from '../../src/index.ts';
import type { BenchCase, Figure } from '../bench-case.ts';
import { questionText } from '../support/questions.ts';
import { recordTimes } from '../support/record-times.ts';
import { startWarmServer } from '../support/scripted-server.ts';
import { newSite, type Servers, startServers } from '../support/servers.ts';
import { median } from '../support/statistics.ts';
import { viewOf } from '../support/stored-in-mongo.ts';
import { command, startWorker } from '../support/workers.ts';
import { workspace } from '../support/workspace.ts';

const PER_SECOND = 20;
/** The first of them warm the worker up, and do not count. */
const [WARM_UP, COUNTED] = [100, 400];
const CALL_MS = 50;
const IDEAL_MS = 3 * CALL_MS;
const MOST_TIMES_IDEAL = 1.5;
const MOST_CPU_SECONDS = 4;

type Measured = Readonly<{ medianMs: number; slowestTenthMs: number; cpu: number; cpuOfServers: number }>;

/** A steady stream, far below what a worker can do: how long a question takes, and what waiting for the next one costs. */
export const stream: BenchCase = {
  name: 'stream',
  title: `(p) Kafka and MongoDB: ${PER_SECOND} questions a second, calls of ${CALL_MS} ms, from the first topic to the ledger`,
  minutes: 0.5,
  async run(say) {
    await using servers = await startServers();
    say(`${WARM_UP} questions, and then ${COUNTED}`);
    return figuresOf(await measure(servers));
  },
};

async function measure(servers: Servers): Promise<Measured> {
  using space = workspace();
  const site = newSite(servers);
  await using model = await startWarmServer({ latencyMs: CALL_MS });
  await using view = await viewOf(site);
  const at = { space, site, baseUrl: model.url };
  await command(at, ['topics', 'create']);
  const worker = startWorker(at, 'worker', []);
  const producer = await createProducer({ ...site, data: space.path('producer'), simulated: false });
  const ask = async (from: number, count: number) => {
    for (let index = from; index < from + count; index += 1)
      await Promise.all([producer.send(questionText(index)), sleep(1_000 / PER_SECOND)]);
  };
  await ask(0, WARM_UP);
  await view.until('approved', WARM_UP);
  const before = { worker: worker.cpuSeconds(), servers: servers.cpuSeconds() };
  await ask(WARM_UP, COUNTED);
  await view.until('approved', WARM_UP + COUNTED);
  const cpu = worker.cpuSeconds() - before.worker;
  const cpuOfServers = servers.cpuSeconds() - before.servers;
  await producer.close();
  await worker.stop();
  const asked = await recordTimes(site, 'questions', WARM_UP + COUNTED);
  const ended = await recordTimes(site, 'dataset', WARM_UP + COUNTED);
  const ways = [...ended].map(([question, endMs]) => endMs - (asked.get(question) ?? Number.NaN));
  const counted = ways.slice(WARM_UP).toSorted((a, b) => a - b);
  return {
    medianMs: median(counted),
    slowestTenthMs: counted[Math.floor(counted.length * 0.9)] ?? Number.NaN,
    cpu: cpu / (COUNTED / 1_000),
    cpuOfServers: cpuOfServers / (COUNTED / 1_000),
  };
}

function figuresOf({ medianMs, slowestTenthMs, cpu, cpuOfServers }: Measured): Figure[] {
  return [
    {
      name: `from the first topic to the ledger / ideal ${IDEAL_MS} ms, median`,
      unit: 'x',
      target: { most: MOST_TIMES_IDEAL },
      value: medianMs / IDEAL_MS,
    },
    { name: 'the same, nine in ten are faster', unit: 'x', value: slowestTenthMs / IDEAL_MS },
    {
      name: 'worker: CPU seconds per 1,000 questions',
      unit: 's',
      target: { most: MOST_CPU_SECONDS },
      value: cpu,
    },
    { name: 'mongod and broker: CPU seconds per 1,000 questions', unit: 's', value: cpuOfServers },
  ];
}
