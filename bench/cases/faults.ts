import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { BenchCase, Figure } from '../bench-case.ts';
import { runBareLoop } from '../support/bare-loop.ts';
import { places, startMillrace } from '../support/millrace.ts';
import { questionText, writeQuestions } from '../support/questions.ts';
import { startWarmServer } from '../support/scripted-server.ts';
import { median } from '../support/statistics.ts';
import { workspace } from '../support/workspace.ts';

const QUESTIONS = 200;
const LEAST_CALLS = 3 * QUESTIONS;
/** Of the calls: 5 % 5xx, 5 % 429, 5 % broken JSON. */
const FRACTIONS = { '500': 0.025, '503': 0.025, '429': 0.05, malformed: 0.05 };
const LATENCY_MS = 50;
const BATCH_SIZE = 10;
const SEEDS = [1, 2, 3, 4, 5];
/** As many as Millrace allows a work that fails by chance. */
const ATTEMPTS = 8;
const MOST_TIMES = 1.5;

type Measured = Readonly<{
  seconds: number;
  bareSeconds: number;
  whole: number;
  surplus: number;
  /** Calls beyond three a question, and how many of the calls met a fault. */
  extra: number;
  injected: number;
}>;

/** What faults of the server cost, in time and calls, and whether any of them shows in the dataset. */
export const faults: BenchCase = {
  name: 'faults',
  title: `(e) ${QUESTIONS} questions with 5 % 5xx, 5 % 429 (Retry-After: 1), 5 % broken JSON`,
  minutes: 0.8,
  async run(say) {
    const measured: Measured[] = [];
    for (const seed of SEEDS) {
      say(`seed ${seed} of ${SEEDS.length}`);
      measured.push(await measure(seed));
    }
    return figuresOf(measured);
  },
};

/** The same faults for both: they are drawn by seed, stage, question and attempt. */
async function measure(seed: number): Promise<Measured> {
  const script = {
    latencyMs: LATENCY_MS,
    fractions: FRACTIONS,
    retryAfter: '1',
    drawBy: 'question',
    seed,
  } as const;
  using space = workspace();
  const { questions, out } = places(space);
  await writeQuestions(questions, QUESTIONS);
  await using server = await startWarmServer(script);
  const before = await server.stats();
  // A run with a dead letter ends badly, and shows in the figures.
  const { wallSeconds } = await startMillrace(space, server.url, ['--batch-size', `${BATCH_SIZE}`]).ended;
  const after = await server.stats();
  await using other = await startWarmServer(script);
  const bare = await runBareLoop(other.url, QUESTIONS, BATCH_SIZE, ATTEMPTS);
  const lines = readFileSync(out, 'utf8').trim().split('\n');
  const whole = new Set(lines.map(questionOf).filter((index) => index !== undefined)).size;
  return {
    seconds: wallSeconds,
    bareSeconds: bare.wallSeconds,
    whole,
    surplus: lines.length - whole,
    extra: after.started - before.started - LEAST_CALLS,
    injected: Object.values(after.faults).reduce((sum, count) => sum + count, 0),
  };
}

function figuresOf(measured: readonly Measured[]): Figure[] {
  const runs = (figure: (each: Measured) => number) => measured.map(figure);
  const times = runs(({ seconds, bareSeconds }) => seconds / bareSeconds);
  const whole = runs((each) => each.whole);
  const surplus = runs((each) => each.surplus);
  const beyond = runs(({ extra, injected }) => extra - injected);
  const seconds = runs((each) => each.seconds);
  const bareSeconds = runs((each) => each.bareSeconds);
  return [
    {
      name: 'questions with a whole example, the fewest of any run',
      unit: '',
      value: Math.min(...whole),
      runs: whole,
      target: { least: QUESTIONS },
      must: true,
      rivals: '174 to 200 of 200',
    },
    {
      name: 'damaged or surplus examples, the most of any run',
      unit: '',
      value: Math.max(...surplus),
      runs: surplus,
      target: { most: 0 },
      must: true,
      rivals: '16 Data Designer',
    },
    {
      name: `calls beyond ${LEAST_CALLS} and one for each fault, the most of any run`,
      unit: '',
      value: Math.max(...beyond),
      runs: beyond,
      target: { most: 0 },
      must: true,
    },
    {
      name: 'whole process / bare loop with retries',
      unit: 'x',
      value: median(times),
      runs: times,
      target: { most: MOST_TIMES },
      rivals: '3.2 Curator, 9.5 Data Designer',
    },
    { name: 'whole process', unit: 's', value: median(seconds), runs: seconds },
    { name: 'bare loop, whole process', unit: 's', value: median(bareSeconds), runs: bareSeconds },
  ];
}

const line = z.object({
  messages: z.tuple([
    z.object({ role: z.literal('user'), content: z.string() }),
    z.object({ role: z.literal('assistant'), content: z.string() }),
  ]),
});

/** What is asked is kept word for word; the invented answer names its question, and ends with a mark: one that was cut off has none. */
const ANSWER = /^\[simulated\] answer for: Question (\d+): (.+) \([0-9a-z]+\)$/;

/** Which question the example answers; `undefined` if anything is wrong with it. */
function questionOf(text: string): number | undefined {
  const parsed = line.safeParse(JSON.parse(text));
  if (!parsed.success) return undefined;
  const [asked, answered] = parsed.data.messages;
  const [, digits, said = '?'] = ANSWER.exec(answered.content) ?? [];
  const number = Number(digits ?? Number.NaN);
  const question = questionText(number);
  return asked.content === question && question.includes(said) ? number : undefined;
}
