import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { arrivalsIn, type JournalMode, paidAgain } from '../../test/support/process/arrivals.ts';
import type { BenchCase, Figure } from '../bench-case.ts';
import { cleanEnvironment } from '../support/cli.ts';
import { places } from '../support/millrace.ts';
import { writeQuestions } from '../support/questions.ts';
import { startServer } from '../support/scripted-server.ts';
import { type Workspace, workspace } from '../support/workspace.ts';

const ARRIVAL_POINT = fileURLToPath(new URL('../../test/support/process/arrival-point.ts', import.meta.url));
const KILLS = 20;
const KILLS_UNKEPT = 5;
const BATCH_SIZE = 2;
const CALLS_AT_ONCE = 3 * BATCH_SIZE;
/** Each process dies of its first, second or third answer, in turn. */
const MOST_ANSWERS = 3;
const LATENCY_MS = { research: 30, candidate: 20, review: 14 };

type Came = Readonly<{ answers: number; again: number; notRead: number }>;

/** What a kill -9 costs in the worst moment: in the turn in which the last byte of an answer is read. */
export const arrivals: BenchCase = {
  name: 'arrivals',
  title: `(k) ${KILLS} kills at the arrival of answers, and the same command again each time`,
  minutes: 0.5,
  async run(say) {
    say(`${KILLS} kills`);
    const kept = await killed(KILLS, 'journal');
    say(`${KILLS_UNKEPT} kills without a journal, to see that the count would show it`);
    return figuresOf(kept, await killed(KILLS_UNKEPT, 'no-journal'));
  },
};

async function killed(kills: number, mode: JournalMode): Promise<Came> {
  using space = workspace();
  const { questions } = places(space);
  // So many that the last process has some left.
  await writeQuestions(questions, Math.ceil((kills * (MOST_ANSWERS + CALLS_AT_ONCE)) / 3));
  await using server = await startServer({ latencyMs: LATENCY_MS });
  for (let kill = 0; kill < kills; kill += 1) {
    const answer = 1 + (kill % MOST_ANSWERS);
    const end = await ended(space, server.url, answer, mode);
    if (end !== 'SIGKILL') throw new Error(`the run was to be killed at answer ${answer}: ${end}`);
  }
  const end = await ended(space, server.url, 0, mode);
  if (end !== 0) throw new Error(`millrace ended with ${end}`);
  const marks = arrivalsIn(space.path('arrivals'));
  const { started } = await server.stats();
  return { answers: marks.length, again: paidAgain(marks).length, notRead: started - marks.length };
}

async function ended(space: Workspace, baseUrl: string, answer: number, mode: JournalMode) {
  const { questions, out } = places(space);
  const run = ['run', questions, '--base-url', baseUrl, '--data', space.path('data'), '--out', out];
  const flags = ['--max-revisions', '0', '--quiet', '--batch-size', String(BATCH_SIZE)];
  const at = [ARRIVAL_POINT, space.path('arrivals'), String(answer), mode];
  const child = spawn(process.execPath, [...at, ...run, ...flags], {
    cwd: space.directory,
    env: cleanEnvironment(),
    stdio: 'ignore',
  });
  const [code, signal]: unknown[] = await once(child, 'exit');
  return signal ?? code;
}

function figuresOf({ answers, again, notRead }: Came, unkept: Came): Figure[] {
  return [
    {
      name: `answers asked for again, of ${answers} that had arrived`,
      unit: '',
      value: again,
      target: { most: 0 },
      must: true,
    },
    {
      name: `calls in flight at the kills (up to ${CALLS_AT_ONCE} each)`,
      unit: '',
      value: notRead,
      target: { most: KILLS * CALLS_AT_ONCE },
      must: true,
    },
    {
      name: `without a journal, ${KILLS_UNKEPT} kills: answers asked for again`,
      unit: '',
      value: unkept.again,
      target: { least: 1 },
      must: true,
    },
  ];
}
