// Four processes at one server that takes 600 requests in any 60 s: how much of it they use, and who gets how much.
// `npm run proof:limits` runs both variants, `-- headers` or `-- bare` one of them; three minutes each.
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { places, type Running, startMillrace } from './support/millrace.ts';
import { writeQuestions } from './support/questions.ts';
import { startServer } from './support/scripted-server.ts';
import { workspace } from './support/workspace.ts';

const PROCESSES = 4;
const REQUESTS = 600;
const MINUTES = 3;
const LATENCY_MS = 1_000;
const QUESTIONS = 800;

const tallies = z.record(
  z.string(),
  z.object({ admitted: z.array(z.number()), refused: z.array(z.number()) }),
);
type Tally = z.output<typeof tallies>[string];

async function prove(variant: 'headers' | 'bare'): Promise<void> {
  const rateLimit = { requests: REQUESTS, windowMs: 60_000, headers: variant === 'headers' };
  await using server = await startServer({ latencyMs: LATENCY_MS, sigma: 0.3, rateLimit });
  const spaces = Array.from({ length: PROCESSES }, () => workspace());
  const running: Running[] = [];
  try {
    for (const [index, space] of spaces.entries()) {
      await writeQuestions(places(space).questions, QUESTIONS);
      running.push(startMillrace(space, server.url, [], { OPENAI_API_KEY: `process-${index + 1}` }));
    }
    const seen = async () => {
      const answer = await fetch(server.url.replace('/v1', '/__limit'));
      return Object.values(tallies.parse(await answer.json()));
    };
    // The minutes count from the server's first request: how long Node takes to start is no matter here.
    while ((await seen()).length === 0) await sleep(200);
    await sleep(MINUTES * 60_000);
    report(variant, await seen());
  } finally {
    for (const { kill } of running) kill('SIGKILL');
    await Promise.allSettled(running.map(({ ended }) => ended));
    for (const space of spaces) space[Symbol.dispose]();
  }
}

function report(variant: string, all: readonly Tally[]): void {
  const rows = all.map(({ admitted, refused }) => ({
    minutes: Array.from({ length: MINUTES }, (_, minute) => sum(minuteOf(admitted, minute))),
    refused: Array.from({ length: MINUTES }, (_, minute) => sum(minuteOf(refused, minute))),
  }));
  const later = sum(rows.flatMap(({ minutes }) => minutes.slice(1)));
  const admitted = sum(rows.flatMap(({ minutes }) => minutes));
  const refused = sum(rows.flatMap((row) => row.refused));
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
  say(
    `\n${variant === 'headers' ? 'Rate headers' : 'Bare 429s'}, ${PROCESSES} processes, ${REQUESTS} requests in any 60 s`,
  );
  say('| process | minute 1 | minute 2 | minute 3 | share after minute 1 | refused, by minute |');
  say('| --- | --- | --- | --- | --- | --- |');
  for (const [index, row] of rows.entries())
    say(
      `| ${index + 1} | ${row.minutes.join(' | ')} | ${percent(sum(row.minutes.slice(1)), later)} | ${row.refused.join(' + ')} |`,
    );
  say(
    `used after the first minute: ${percent(later, REQUESTS * (MINUTES - 1))}; refused: ${percent(refused, admitted + refused)}`,
  );
}

function minuteOf(seconds: readonly number[], minute: number): readonly number[] {
  return seconds.slice(minute * 60, (minute + 1) * 60);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const [wanted] = process.argv.slice(2);
for (const variant of ['headers', 'bare'] as const)
  if (wanted === undefined || wanted === variant) await prove(variant);
