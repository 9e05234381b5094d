import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchCase, Figure } from '../bench-case.ts';
import { places, runMillrace, startMillrace, untilTrue } from '../support/millrace.ts';
import { writeQuestions } from '../support/questions.ts';
import { type ScriptedServer, type ServerStats, startServer, workName } from '../support/scripted-server.ts';
import { statusCounts, storedWorks } from '../support/stored.ts';
import { workspace } from '../support/workspace.ts';

const QUESTIONS = 100;
const LEAST_CALLS = 3 * QUESTIONS;
const LATENCY_MS = { research: 300, candidate: 200, review: 140 };
const LOOK_MS = 20;

/** What a kill -9 in the middle costs. */
export const kill: BenchCase = {
  name: 'kill',
  title: `(d) kill -9 at half of ${QUESTIONS} questions, and the same command again`,
  minutes: 0.1,
  async run(say) {
    using space = workspace();
    const { questions, database } = places(space);
    await writeQuestions(questions, QUESTIONS);
    await using server = await startServer({ latencyMs: LATENCY_MS });
    say('until half of the questions have ended');
    const first = startMillrace(space, server.url, []);
    const approved = () => statusCounts(database).get('approved') ?? 0;
    await untilTrue(first, () => approved() >= QUESTIONS / 2, LOOK_MS);
    first.kill('SIGKILL');
    await first.ended;
    const atKill = await quietStats(server);
    const stored = storedWorks(database);
    say('the same command again');
    const { summary } = await runMillrace(space, server.url, []);
    return figuresOf(atKill, await server.stats(), stored, summary?.dataset.written ?? 0);
  },
};

/** The server's figures once it has noticed that its callers are gone. */
async function quietStats(server: ScriptedServer): Promise<ServerStats> {
  for (;;) {
    const stats = await server.stats();
    if (stats.inFlight === 0) return stats;
    await sleep(LOOK_MS);
  }
}

function figuresOf(
  atKill: ServerStats,
  atEnd: ServerStats,
  stored: ReadonlySet<string>,
  examples: number,
): Figure[] {
  const again = Object.entries(atEnd.works).filter(
    ([key, { started }]) => stored.has(workName(key)) && started > (atKill.works[key]?.started ?? 0),
  );
  const beyond = atEnd.started - LEAST_CALLS;
  // On the wire, or answered in the very moment: read and in the journal, or not read.
  const inFlight = atKill.started - stored.size;
  const justAnswered = atKill.answered - stored.size;
  const exactly = (value: number) => ({ target: { most: value }, must: true });
  return [
    { name: 'examples at the end', unit: '', value: examples, target: { least: QUESTIONS }, must: true },
    { name: 'stored answers paid twice', unit: '', value: again.length, ...exactly(0) },
    {
      name: `answers paid twice (${justAnswered} were sent and not stored yet)`,
      unit: '',
      value: atEnd.paidTwice.length,
      ...exactly(justAnswered),
    },
    {
      name: `calls beyond ${LEAST_CALLS} (in flight at the kill: ${inFlight})`,
      unit: '',
      value: beyond,
      ...exactly(inFlight),
      rivals: '150 calls paid again, 10 Curator',
    },
  ];
}
