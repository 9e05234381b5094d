import type { BenchCase, Figure } from '../bench-case.ts';
import { runKafkaCopyLoop } from '../support/bare-loop.ts';
import { writeQuestions } from '../support/questions.ts';
import { startWarmServer } from '../support/scripted-server.ts';
import { newSite, type Servers, startServers } from '../support/servers.ts';
import { median } from '../support/statistics.ts';
import { viewOf } from '../support/stored-in-mongo.ts';
import type { Usage } from '../support/usage.ts';
import { command, startWorker } from '../support/workers.ts';
import { workspace } from '../support/workspace.ts';

const QUESTIONS = 4_000;
const BATCH_SIZE = 50;
const REPEATS = 3;
/** So many questions warm the workers up: a process needs a second or two to start and to be compiled, and two need it twice. */
const WARM_UP = 1_000;

type Measured = Readonly<{
  perSecond: number;
  drainPerSecond: number;
  cpu: number;
  /** Without the start, and without the questions that warm up. */
  cpuAtWork: number;
  /** With broker and database, from the start of the workers on. */
  cpuOfAll: number;
  rss: number;
}>;
type Bare = Pick<Measured, 'perSecond' | 'cpu' | 'rss'>;

/** Millrace's own cost on Kafka and MongoDB: a model that answers at once, and all of the servers on the same cores. */
export const rate: BenchCase = {
  name: 'rate',
  title: `(g) Kafka and MongoDB: ${QUESTIONS} waiting questions at zero latency, batch size ${BATCH_SIZE}`,
  minutes: 1.9,
  async run(say) {
    await using servers = await startServers();
    const [one, two, bare]: [Measured[], Measured[], Bare[]] = [[], [], []];
    for (let repeat = 1; repeat <= REPEATS; repeat += 1) {
      say(`copy loop, run ${repeat} of ${REPEATS}`);
      bare.push(await measureCopyLoop(servers));
      say(`one worker, run ${repeat} of ${REPEATS}`);
      one.push(await measure(servers, 1));
      say(`two workers, run ${repeat} of ${REPEATS}`);
      two.push(await measure(servers, 2));
    }
    return figuresOf(one, two, bare);
  },
};

/** The questions were asked while no worker was there: the workers drain what has piled up. */
async function measure(servers: Servers, workers: number): Promise<Measured> {
  using space = workspace();
  const site = newSite(servers);
  await using model = await startWarmServer({});
  await using view = await viewOf(site);
  const at = { space, site, baseUrl: model.url };
  const file = space.path('questions.jsonl');
  await writeQuestions(file, QUESTIONS);
  await command(at, ['topics', 'create']);
  await command(at, ['ingest', file]);
  const serversBefore = servers.cpuSeconds();
  const started = Array.from({ length: workers }, (_, index) =>
    startWorker(at, `worker-${index}`, ['--batch-size', `${BATCH_SIZE}`]),
  );
  const cpuSoFar = () => started.reduce((sum, worker) => sum + worker.cpuSeconds(), 0);
  await view.until('approved', WARM_UP);
  const warm = { cpu: cpuSoFar(), questions: await view.count('approved') };
  await view.until('approved', QUESTIONS);
  const cpuAtWork = cpuSoFar() - warm.cpu;
  const { firstCallMs, lastStoreMs } = await view.span('dataset');
  const usages: Usage[] = await Promise.all(started.map((worker) => worker.stop()));
  const cpu = usages.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  const cpuOfServers = servers.cpuSeconds() - serversBefore;
  const startedAtMs = started[0]?.startedAtMs ?? Number.NaN;
  return {
    perSecond: QUESTIONS / ((lastStoreMs - firstCallMs) / 1_000),
    drainPerSecond: QUESTIONS / ((lastStoreMs - startedAtMs) / 1_000),
    cpu: cpu / (QUESTIONS / 1_000),
    cpuAtWork: cpuAtWork / ((QUESTIONS - warm.questions) / 1_000),
    cpuOfAll: (cpu + cpuOfServers) / (QUESTIONS / 1_000),
    rss: Math.max(...usages.map(({ peakRssMb }) => peakRssMb)),
  };
}

async function measureCopyLoop(servers: Servers): Promise<Bare> {
  const { seconds, usage } = await runKafkaCopyLoop(newSite(servers), QUESTIONS);
  const { cpuSeconds, peakRssMb } = usage;
  return { perSecond: QUESTIONS / seconds, cpu: cpuSeconds / (QUESTIONS / 1_000), rss: peakRssMb };
}

function figuresOf(one: readonly Measured[], two: readonly Measured[], bare: readonly Bare[]): Figure[] {
  const of = <T>(among: readonly T[], figure: (each: T) => number) => {
    const runs = among.map(figure);
    return { value: median(runs), runs };
  };
  return [
    {
      name: 'one worker: questions per second',
      unit: '/s',
      target: { least: 400 },
      ...of(one, (m) => m.perSecond),
    },
    {
      name: 'two workers: questions per second',
      unit: '/s',
      target: { least: 150 },
      ...of(two, (m) => m.perSecond),
    },
    { name: 'one worker: lag drained, its start included', unit: '/s', ...of(one, (m) => m.drainPerSecond) },
    {
      name: 'two workers: lag drained, their start included',
      unit: '/s',
      ...of(two, (m) => m.drainPerSecond),
    },
    {
      name: 'one worker: CPU seconds per 1,000 questions',
      unit: 's',
      target: { most: 1.5 },
      ...of(one, (m) => m.cpu),
    },
    { name: 'one worker: the same once at work', unit: 's', ...of(one, (m) => m.cpuAtWork) },
    {
      name: 'worker, mongod and broker: CPU seconds per 1,000 questions',
      unit: 's',
      target: { most: 4 },
      ...of(one, (m) => m.cpuOfAll),
    },
    { name: 'two workers: CPU seconds per 1,000 questions', unit: 's', ...of(two, (m) => m.cpu) },
    { name: 'one worker: peak RSS', unit: 'MB', target: { most: 400 }, ...of(one, (m) => m.rss) },
    {
      name: 'bare copy loop: records through five topics per second',
      unit: '/s',
      ...of(bare, (m) => m.perSecond),
    },
    { name: 'bare copy loop: CPU seconds per 1,000 records', unit: 's', ...of(bare, (m) => m.cpu) },
    { name: 'bare copy loop: peak RSS', unit: 'MB', ...of(bare, (m) => m.rss) },
    {
      name: 'CPU a question of two workers / of one, their starts included',
      unit: 'x',
      target: { most: 1.15 },
      value: median(two.map((m, index) => m.cpu / (one[index]?.cpu ?? Number.NaN))),
    },
    {
      name: `the same once at work, from question ${WARM_UP} on`,
      unit: 'x',
      target: { most: 1.15 },
      value: median(two.map((m, index) => m.cpuAtWork / (one[index]?.cpuAtWork ?? Number.NaN))),
    },
    {
      name: 'CPU of one worker / bare copy loop',
      unit: 'x',
      value: median(one.map((m, index) => m.cpu / (bare[index]?.cpu ?? Number.NaN))),
    },
  ];
}
