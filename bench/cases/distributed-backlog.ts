import type { BenchCase, Figure } from '../bench-case.ts';
import { writeQuestions } from '../support/questions.ts';
import { startServer } from '../support/scripted-server.ts';
import { newSite, type Servers, startServers } from '../support/servers.ts';
import { viewOf } from '../support/stored-in-mongo.ts';
import { command, startWorker } from '../support/workers.ts';
import { workspace } from '../support/workspace.ts';

const BACKLOGS = [1_000, 10_000, 100_000];
/** Ten questions a second: nearly all stay queued. */
const LATENCY_MS = { research: 1_000, candidate: 700, review: 500 };
/** The worker is stopped when all questions are stored and so many have ended. */
const FINISHED = 200;

type Measured = Readonly<{ backlog: number; rss: number }>;

/** Whether a worker's memory grows with what waits in its topics. */
export const distributedBacklog: BenchCase = {
  name: 'distributed-backlog',
  title: '(i) Kafka and MongoDB: memory of a worker with 1,000, 10,000 and 100,000 queued questions',
  minutes: 1.6,
  async run(say) {
    await using servers = await startServers();
    const measured: Measured[] = [];
    for (const count of BACKLOGS) {
      say(`${count} questions, until all are stored and ${FINISHED} have ended`);
      measured.push(await measure(servers, count));
    }
    return figuresOf(measured);
  },
};

async function measure(servers: Servers, backlog: number): Promise<Measured> {
  using space = workspace();
  const site = newSite(servers);
  await using model = await startServer({ latencyMs: LATENCY_MS });
  await using view = await viewOf(site);
  const at = { space, site, baseUrl: model.url };
  const file = space.path('questions.jsonl');
  await writeQuestions(file, backlog);
  await command(at, ['topics', 'create']);
  await command(at, ['ingest', file]);
  const worker = startWorker(at, 'worker', []);
  await view.untilStored(backlog);
  await view.until('approved', FINISHED);
  const { peakRssMb } = await worker.stop();
  return { backlog, rss: peakRssMb };
}

function figuresOf(measured: readonly Measured[]): Figure[] {
  const peaks = measured.map(({ rss }) => rss);
  return [
    ...measured.map(({ backlog, rss }) => ({
      name: `peak RSS, ${backlog} questions`,
      unit: 'MB',
      target: { most: 400 },
      value: rss,
    })),
    {
      name: 'highest peak RSS / lowest',
      unit: 'x',
      target: { most: 1.2 },
      value: Math.max(...peaks) / Math.min(...peaks),
    },
  ];
}
