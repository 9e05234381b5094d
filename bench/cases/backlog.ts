import type { BenchCase, Figure } from '../bench-case.ts';
import { places, startMillrace, untilTrue } from '../support/millrace.ts';
import { writeQuestions } from '../support/questions.ts';
import { startServer } from '../support/scripted-server.ts';
import { statusCounts } from '../support/stored.ts';
import { workspace } from '../support/workspace.ts';

const BACKLOGS = [1_000, 10_000, 100_000];
/** Ten questions a second: nearly all stay queued. */
const LATENCY_MS = { research: 1_000, candidate: 700, review: 500 };
/** The run is stopped when all questions are stored and so many have ended. */
const FINISHED = 200;
const LOOK_MS = 250;

type Measured = Readonly<{ backlog: number; queued: number; rss: number }>;

/** Whether memory grows with what waits. */
export const backlog: BenchCase = {
  name: 'backlog',
  title: '(c) memory with 1,000, 10,000 and 100,000 queued questions',
  minutes: 2,
  async run(say) {
    const measured: Measured[] = [];
    for (const count of BACKLOGS) {
      say(`${count} questions, until ${FINISHED} have ended`);
      measured.push(await measure(count));
    }
    return figuresOf(measured);
  },
};

async function measure(count: number): Promise<Measured> {
  using space = workspace();
  const { questions, database } = places(space);
  await writeQuestions(questions, count);
  await using server = await startServer({ latencyMs: LATENCY_MS });
  const run = startMillrace(space, server.url, []);
  await untilTrue(run, () => isFull(statusCounts(database), count), LOOK_MS);
  run.kill('SIGTERM');
  const { usage, summary, exitCode, stderr } = await run.ended;
  if (usage === undefined || summary === undefined)
    throw new Error(`millrace ended with ${exitCode}: ${stderr}`);
  return { backlog: count, queued: summary.open, rss: usage.peakRssMb };
}

function isFull(counts: ReadonlyMap<string, number>, count: number): boolean {
  const stored = [...counts].reduce((sum, [status, n]) => (status === 'pending' ? sum : sum + n), 0);
  return stored === count && (counts.get('approved') ?? 0) >= FINISHED;
}

function figuresOf(measured: readonly Measured[]): Figure[] {
  const peaks = measured.map(({ rss }) => rss);
  return [
    ...measured.map(({ backlog: count, queued, rss }) => ({
      name: `peak RSS, ${count} questions (${queued} still queued at the end)`,
      unit: 'MB',
      target: { most: 250 },
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
