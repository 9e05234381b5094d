import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { BenchCase, Figure } from '../bench-case.ts';
import { places, runMillrace } from '../support/millrace.ts';
import { questionText, writeQuestions } from '../support/questions.ts';
import { type ServerStats, startServer } from '../support/scripted-server.ts';
import { workspace } from '../support/workspace.ts';

const QUESTIONS = 200;
const LEAST_CALLS = 3 * QUESTIONS;
/** Of the calls: 5 % 5xx, 5 % 429, 5 % broken JSON. */
const FRACTIONS = { '500': 0.025, '503': 0.025, '429': 0.05, malformed: 0.05 };
const LATENCY_MS = 50;

/** What faults of the server cost, and whether any of them shows in the dataset. */
export const faults: BenchCase = {
  name: 'faults',
  title: `(e) ${QUESTIONS} questions with 5 % 5xx, 5 % 429, 5 % broken JSON`,
  minutes: 0.3,
  async run(say) {
    using space = workspace();
    const { questions, out } = places(space);
    await writeQuestions(questions, QUESTIONS);
    await using server = await startServer({ latencyMs: LATENCY_MS, fractions: FRACTIONS });
    say('one run');
    await runMillrace(space, server.url, []);
    return figuresOf(await server.stats(), readFileSync(out, 'utf8').trim().split('\n'));
  },
};

function figuresOf(stats: ServerStats, lines: readonly string[]): Figure[] {
  const whole = new Set(lines.map(questionOf).filter((index) => index !== undefined));
  const injected = Object.values(stats.faults).reduce((sum, count) => sum + count, 0);
  const extra = stats.started - LEAST_CALLS;
  return [
    {
      name: 'questions with a whole example',
      unit: '',
      value: whole.size,
      target: { least: QUESTIONS },
      must: true,
      rivals: '174 to 200 of 200',
    },
    {
      name: 'damaged or surplus examples',
      unit: '',
      value: lines.length - whole.size,
      target: { most: 0 },
      must: true,
      rivals: '16 Data Designer',
    },
    {
      name: `calls beyond ${LEAST_CALLS} (faults: ${injected})`,
      unit: '',
      value: extra,
      target: { most: injected },
      must: true,
    },
  ];
}

const line = z.object({
  messages: z.tuple([
    z.object({ role: z.literal('user'), content: z.string() }),
    z.object({ role: z.literal('assistant'), content: z.string() }),
  ]),
});

/** The invented texts name their question, and end with a mark: one that was cut off has none. */
const TEXT = /^\[simulated\] (?:prompt|answer) for: Question (\d+): (.+) \([0-9a-z]+\)$/;

/** Which question the example answers; `undefined` if anything is wrong with it. */
function questionOf(text: string): number | undefined {
  const parsed = line.safeParse(JSON.parse(text));
  if (!parsed.success) return undefined;
  const found = parsed.data.messages.map(({ content }) => TEXT.exec(content));
  const numbers = found.map((match) => Number(match?.[1] ?? Number.NaN));
  const [number = Number.NaN] = numbers;
  const same = numbers.every((each) => each === number);
  const asked = found.every((match) => questionText(number).includes(match?.[2] ?? '?'));
  return same && asked ? number : undefined;
}
