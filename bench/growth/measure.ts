import { setTimeout as sleep } from 'node:timers/promises';
import { exportDataset } from '../../src/features/dataset/export-dataset.ts';
import type { Engine } from '../../src/infra/engines/engine.ts';
import { MAIN_LANE } from '../../src/stages/lanes/lane.ts';
import { startCli } from '../support/cli.ts';
import { writeQuestions } from '../support/questions.ts';
import { median } from '../support/statistics.ts';
import type { Workspace } from '../support/workspace.ts';

/** Seconds by what was done. */
export type Seconds = Readonly<Record<string, number>>;
/** A data set of some size: how to speak to it, and how to open it. */
export type Stored = Readonly<{
  space: Workspace;
  flags: readonly string[];
  open(): Promise<Engine>;
  run: string;
  id: string;
}>;

const FRESH = 1_000;
const PORT = 8_439;
const ROUNDS = 3;
const LOOK_MS = 50;
/** No key is set here, and on Kafka and MongoDB the simulated model's data is looked at on request only. */
const env = { MILLRACE_DRY_RUN: 'true' };

/** The HTTP routes behind the views of the page; `ID` stands for a question. */
const VIEWS = {
  'stream: /v1/flow': '/v1/flow',
  'stream: /v1/status': '/v1/status',
  'questions: a page of the list': '/v1/questions',
  'questions: one story': '/v1/questions/ID',
  'dead letters: a page': '/v1/dead-letters',
  'dead letters: by class': '/v1/dead-letters/stats',
  'dataset: statistics': '/v1/dataset/statistics',
  'dataset: the card, asked for the first time': '/v1/dataset/card',
  'dataset: versions': '/v1/dataset/versions',
  'review desk: the queue': '/v1/review/queue',
  'review desk: agreement': '/v1/review/agreement',
  'judges: all of them': '/v1/shadows',
} as const;

/** What every command and view takes with so many stored questions. */
export async function measure(stored: Stored, size: number, say: (text: string) => void): Promise<Seconds> {
  const seconds: Record<string, number> = {};
  const time = async (name: string, act: () => Promise<unknown>) => {
    say(name);
    const startMs = performance.now();
    await act();
    seconds[name] = (performance.now() - startMs) / 1_000;
  };
  const { space, flags, id, run } = stored;
  const cli = (args: readonly string[]) => runCli(space, [...args, ...flags]);
  await time('opening the data', async () => (await stored.open()).close());
  await time('status', () => cli(['status']));
  await time('show ID', () => cli(['show', id]));
  await time('gc --dry-run', () => cli(['gc', '--dry-run', '--simulated']));
  const questions = space.path(`fresh-${size}.jsonl`);
  await writeQuestions(questions, FRESH, `${size}`);
  await time(`intake of ${FRESH} questions`, () => cli(['ingest', questions]));
  await time(`a run of these ${FRESH} and its end`, () =>
    cli(['run', questions, '--simulate', 'latency=0ms', '--quiet', '--out', space.path('fresh-out.jsonl')]),
  );
  Object.assign(seconds, await measureViews(stored));
  await time('export', () => cli(['export', '--out', space.path('all.jsonl')]));
  await time('the dataset of a run of all', () => datasetOf(stored, run));
  return seconds;
}

async function datasetOf({ open, space }: Stored, run: string): Promise<void> {
  const engine = await open();
  const place = {
    out: space.path('run.jsonl'),
    format: 'openai',
    fileType: 'jsonl',
    simulated: false,
  } as const;
  await exportDataset(engine.store, { ...place, query: { lane: MAIN_LANE, run, verdict: 'approved' } });
  await engine.close();
}

async function measureViews({ space, flags, id }: Stored): Promise<Seconds> {
  const served = startCli(['serve', '--port', `${PORT}`, '--no-token', ...flags], {
    directory: space.directory,
    usagePath: space.path('usage.json'),
    env,
  });
  try {
    const address = `http://127.0.0.1:${PORT}`;
    while ((await fetch(`${address}/livez`).catch(() => undefined))?.ok !== true) await sleep(LOOK_MS);
    const seconds: Record<string, number> = {};
    for (const [name, path] of Object.entries(VIEWS)) {
      const times: number[] = [];
      const rounds = name.includes('first time') ? 1 : ROUNDS;
      while (times.length < rounds) times.push(await timeOf(`${address}${path.replace('ID', id)}`));
      seconds[name] = median(times);
    }
    return seconds;
  } finally {
    served.kill('SIGTERM');
    await new Promise((resolve) => served.once('close', resolve));
  }
}

async function timeOf(url: string): Promise<number> {
  const startMs = performance.now();
  const reply = await fetch(url);
  await reply.arrayBuffer();
  if (!reply.ok) throw new Error(`${url} answered ${reply.status}`);
  return (performance.now() - startMs) / 1_000;
}

/** Throws if the command did not end well. */
export async function runCli(space: Workspace, args: readonly string[]): Promise<string> {
  const child = startCli(args, { directory: space.directory, usagePath: space.path('usage.json'), env });
  const texts = { out: '', err: '' };
  child.stdout?.on('data', (chunk) => {
    texts.out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    texts.err += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`millrace ${args.join(' ')} ended with ${code}: ${texts.err}`);
  return texts.out;
}
