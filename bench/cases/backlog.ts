import type { BenchCase, Figure } from '../bench-case.ts';
import { places, startMillrace, untilTrue } from '../support/millrace.ts';
import { pssMbOf } from '../support/pss.ts';
import { writeQuestions } from '../support/questions.ts';
import { startServer } from '../support/scripted-server.ts';
import { statusCounts } from '../support/stored.ts';
import { workspace } from '../support/workspace.ts';

/**
 * The smallest is busy to its end too: a run that has nothing left to do collects its garbage and is no measure for one at
 * work.
 */
const BACKLOGS = [2_000, 100_000, 1_000_000];
/** Some thirty questions a second: nearly all stay queued. */
const LATENCY_MS = { research: 300, candidate: 200, review: 140 };
/** The run is stopped when all questions are stored and so many have ended. */
const FINISHED = 1_000;
const LOOK_MS = 250;

type Measured = Readonly<{ backlog: number; queued: number; pss: number }>;

/** Whether memory grows with what waits. */
export const backlog: BenchCase = {
  name: 'backlog',
  title: '(c) memory at work with 2,000 to 1,000,000 queued questions',
  minutes: 6,
  async run(say) {
    const measured: Measured[] = [];
    for (const count of BACKLOGS) {
      say(`${count} questions, until all are stored and ${FINISHED} have ended`);
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
  let pss = 0;
  const look = () => {
    pss = Math.max(pss, pssMbOf(run.pid) ?? 0);
    return isFull(statusCounts(database), count);
  };
  await untilTrue(run, look, LOOK_MS);
  run.kill('SIGTERM');
  const { summary, exitCode, stderr } = await run.ended;
  if (summary === undefined) throw new Error(`millrace ended with ${exitCode}: ${stderr}`);
  return { backlog: count, queued: summary.open, pss };
}

function isFull(counts: ReadonlyMap<string, number>, count: number): boolean {
  const stored = [...counts].reduce((sum, [status, n]) => (status === 'pending' ? sum : sum + n), 0);
  return stored === count && (counts.get('approved') ?? 0) >= FINISHED;
}

function figuresOf(measured: readonly Measured[]): Figure[] {
  const peaks = measured.map(({ pss }) => pss);
  return [
    ...measured.map(({ backlog: count, queued, pss }) => ({
      name: `peak PSS, ${count} questions (${queued} still queued at the end)`,
      unit: 'MB',
      target: { most: 150 },
      value: pss,
    })),
    {
      name: 'highest peak PSS / lowest',
      unit: 'x',
      target: { most: 1.2 },
      value: Math.max(...peaks) / Math.min(...peaks),
    },
  ];
}
