import type { BenchCase, Figure } from '../bench-case.ts';
import { runBareLoop } from '../support/bare-loop.ts';
import { places, runMillrace } from '../support/millrace.ts';
import { questionText, writeQuestions } from '../support/questions.ts';
import { fcfsMakespanMs } from '../support/schedule.ts';
import { CALLS, type ServerStats, startWarmServer, workName } from '../support/scripted-server.ts';
import { median } from '../support/statistics.ts';
import { workSpan } from '../support/stored.ts';
import { workspace } from '../support/workspace.ts';

const LATENCY_MS = { research: 300, candidate: 200, review: 140 };
const SLOWEST_SECONDS = 0.3;
const REST_SECONDS = 0.34;
const REPEATS = 3;
const MOST = 1.05;

type Variant = Readonly<{ name: string; questions: number; batchSize: number; sigma: number }>;
type Measured = Readonly<{ work: number; process: number; firstCall: number }>;

const MAIN: Variant = { name: 'batch size 10', questions: 100, batchSize: 10, sigma: 0 };
const VARIANTS: readonly Variant[] = [
  MAIN,
  { name: 'batch size 10, log-normal', questions: 100, batchSize: 10, sigma: 0.8 },
  { name: 'batch size 5', questions: 100, batchSize: 5, sigma: 0 },
  { name: 'batch size 20', questions: 100, batchSize: 20, sigma: 0 },
  // Sequential is slow: fewer questions.
  { name: 'batch size 1, 20 questions', questions: 20, batchSize: 1, sigma: 0 },
];

const RIVALS = '1.7 Data Designer, 2.2 Curator, 2.3 gather in batches, 5 distilabel, 1.03 p-limit script';

/** How much longer 100 questions take than their calls alone would. */
export const latency: BenchCase = {
  name: 'latency',
  title: '(a) 100 questions, calls of 300/200/140 ms',
  minutes: 1.5,
  async run(say) {
    const figures: Figure[] = [];
    for (const variant of VARIANTS) {
      const measured: Measured[] = [];
      for (let repeat = 1; repeat <= REPEATS; repeat += 1) {
        say(`${variant.name}, run ${repeat} of ${REPEATS}`);
        measured.push(await measure(variant, repeat));
      }
      figures.push(...figuresOf(variant, measured));
      if (variant === MAIN) figures.push(await measureBareLoop(say));
    }
    return figures;
  },
};

async function measure({ questions, batchSize, sigma }: Variant, seed: number): Promise<Measured> {
  using space = workspace();
  const { questions: file, database } = places(space);
  await writeQuestions(file, questions);
  await using server = await startWarmServer({ latencyMs: LATENCY_MS, sigma, seed });
  const { startedAtMs, wallSeconds } = await runMillrace(space, server.url, ['--batch-size', `${batchSize}`]);
  const { firstCallMs, lastStoreMs } = workSpan(database);
  const ideal =
    sigma === 0
      ? idealSeconds(questions, batchSize)
      : fcfsMakespanMs(delaysOf(await server.stats(), questions), batchSize) / 1_000;
  return {
    work: (lastStoreMs - firstCallMs) / 1_000 / ideal,
    process: wallSeconds / ideal,
    firstCall: (firstCallMs - startedAtMs) / 1_000,
  };
}

/** The hand-written loop at the same calls: how much of our loss is the machine's. */
async function measureBareLoop(say: (text: string) => void): Promise<Figure> {
  const { questions, batchSize } = MAIN;
  const runs: number[] = [];
  for (let repeat = 1; repeat <= REPEATS; repeat += 1) {
    say(`bare loop, run ${repeat} of ${REPEATS}`);
    await using server = await startWarmServer({ latencyMs: LATENCY_MS });
    const { seconds } = await runBareLoop(server.url, questions, batchSize);
    runs.push(seconds / idealSeconds(questions, batchSize));
  }
  return { name: `${MAIN.name}: bare loop / ideal`, unit: 'x', value: median(runs), runs };
}

function idealSeconds(questions: number, batchSize: number): number {
  return (questions * SLOWEST_SECONDS) / batchSize + REST_SECONDS;
}

/** The delays that the server drew for the calls of each question, in the order of the stages. */
function delaysOf({ works }: ServerStats, questions: number): number[][] {
  const drawn = new Map(
    Object.entries(works).map(([key, { delaysMs }]) => [workName(key), delaysMs[0] ?? 0]),
  );
  return Array.from({ length: questions }, (_, index) =>
    CALLS.map((call) => drawn.get(`${call}|${questionText(index)}`) ?? Number.NaN),
  );
}

function figuresOf(variant: Variant, measured: readonly Measured[]): Figure[] {
  const of = (figure: keyof Measured) => {
    const runs = measured.map((each) => each[figure]);
    return { value: median(runs), runs };
  };
  const { name, sigma } = variant;
  const over = sigma === 0 ? 'ideal' : 'FCFS schedule';
  const main = variant === MAIN;
  return [
    {
      name: `${name}: first call to last store / ${over}`,
      unit: 'x',
      target: { most: MOST },
      ...of('work'),
      ...(main ? { rivals: RIVALS } : {}),
    },
    { name: `${name}: whole process / ${over}`, unit: 'x', ...of('process') },
    ...(main ? [{ name: 'first call after start', unit: 's', target: { most: 1 }, ...of('firstCall') }] : []),
  ];
}
