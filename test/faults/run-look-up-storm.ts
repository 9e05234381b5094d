import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { startNode } from '../support/process/child.ts';
import { ended, MAIN } from '../support/process/millrace.ts';
import { writeCases } from '../support/run/cases.ts';
import { tempDir } from '../support/temp-dir.ts';
import { type SearchServer, searchServer } from '../support/web/search-server.ts';
import type { Engine } from './engines/engine.ts';
import { BadLink } from './faults/bad-link.ts';
import { BadModel } from './faults/bad-model.ts';
import { BadSearch } from './faults/bad-search.ts';
import type { Fault } from './faults/fault.ts';
import { KillAtArrival } from './faults/kill-at-arrival.ts';
import { KillWorker } from './faults/kill-worker.ts';
import { HASTY, HEALTHY, times } from './scenarios/scenario.ts';
import type { Row } from './table.ts';
import { Trial } from './trial.ts';

const QUESTIONS_PER_FAULT = 8;
const CALM = 2;
/** Of the faults, so many are kills of each kind. */
const KILLS = 6;
const PRICE = 0.01;

const healthy: Parameters<SearchServer['answers']>[0] = ({ query }) => {
  const excerpt = `Every case must behave as its spring tells it. This is on: ${query}`;
  const url = `https://example.org/${encodeURIComponent(query)}`;
  return { status: 200, hits: [{ title: 'Cases', url, excerpt }] };
};

/**
 * Questions whose model searches documents, opens them, and searches the web for money, while workers are killed in random order by seed and
 * start again, and the model and the search refuse. Nothing that had arrived is paid again, and all that is kept quotes what it was shown.
 */
export async function runLookUpStorm(
  engine: Engine,
  { seed, minutes }: Readonly<{ seed: number; minutes: number }>,
): Promise<Row> {
  const search = await searchServer();
  onTestFinished(() => search[Symbol.asyncDispose]());
  search.answers(healthy);
  const directory = await tempDir();
  const config = join(directory, 'settings.json');
  const web = { provider: 'searxng', baseUrl: search.url('/searxng'), price: PRICE };
  await writeFile(config, JSON.stringify({ lookUpTools: { web }, documentsWithWeb: 'allow' }));
  const env = { MILLRACE_CONFIG: config, MILLRACE_RESEARCH: 'tools', ...variablesOf(engine) };
  const adding = startNode([MAIN, 'sources', 'add', await writeCases(directory)], { cwd: directory, env });
  expect(await ended(adding)).toMatchObject({ code: 0 });
  const trial = await Trial.open({
    ...{ name: `storm of ${minutes} minutes, looking up`, engine, questions: 2 * QUESTIONS_PER_FAULT, seed },
    script: { ...HEALTHY, seed },
    env: {
      ...{ ...HASTY, MILLRACE_PARTITIONS: '6', MILLRACE_TIMEOUT_MS: '5000' },
      ...{ MILLRACE_CONFIG: config, MILLRACE_RESEARCH: 'tools', MILLRACE_LEASE_MS: '20000' },
    },
  });
  await trial.startWorkers();
  let kills = 0;
  const atArrival = new KillAtArrival();
  const faults = [...faultsOf(search), ...times(KILLS, () => atArrival)];
  const endMs = performance.now() + minutes * 60_000;
  while (performance.now() < endMs) {
    const fault = faults[Math.floor(trial.random() * faults.length)];
    if (fault === undefined) throw new Error('there is no fault to strike');
    console.log(`storm on ${engine.name}: ${fault.name}`);
    if (fault instanceof KillWorker) kills += 1;
    if (fault instanceof KillAtArrival) kills += 2;
    await fault.strike(trial);
    await trial.untilRecovered();
    await trial.ask(QUESTIONS_PER_FAULT);
    await trial.untilDone(CALM);
  }
  const row = await trial.judge();
  expect(trial.cameTwice(), 'answers and searches that had arrived, and were paid for again').toEqual([]);
  const arrivals = trial.arrivals();
  const found = arrivals.filter((arrival) => arrival.startsWith('https://')).length;
  console.log(`${kills} kills, ${arrivals.length - found} answers, ${found} paid searches`);
  const { ends } = await engine.facts();
  const bare = ends.filter(({ example }) => !example.includes('"evidence":[{'));
  expect(bare, 'examples without evidence').toEqual([]);
  return row;
}

function faultsOf(search: SearchServer): readonly Fault[] {
  const bad = (name: '503' | '500' | '429' | 'malformed', share: number) =>
    new BadModel({
      ...{ name, script: { ...HEALTHY, fractions: { [name]: share }, retryAfter: '1' }, healthy: HEALTHY },
      lastsMs: 3_000,
    });
  const kill = new KillWorker('itself');
  return [
    ...times(KILLS, () => kill),
    ...[bad('503', 1), bad('500', 0.3), bad('429', 0.5), bad('malformed', 0.3)],
    ...[503, 429].map((status) => new BadSearch(search, status, 3_000, healthy)),
    new BadLink('model', 'reset', 0),
  ];
}

/** What points a command at an engine that takes no flags for it. */
function variablesOf({ flags }: Engine): Record<string, string> {
  const pairs = flags.flatMap((flag, index) =>
    flag.startsWith('--') ? [[`MILLRACE_${flag.slice(2).toUpperCase()}`, flags[index + 1] ?? '']] : [],
  );
  return Object.fromEntries(pairs);
}
