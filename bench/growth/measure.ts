import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RawSettings } from '../../src/infra/config/settings.ts';
import type { Engine } from '../../src/infra/engines/engine.ts';
import { startCli } from '../support/cli.ts';
import { writeQuestions } from '../support/questions.ts';
import { median } from '../support/statistics.ts';
import type { Workspace } from '../support/workspace.ts';
import type { DatasetOfRun } from './dataset-of-run.ts';
import { env, runCli } from './run-cli.ts';

/** What a command or a view took, by its name. */
export type Measured = Readonly<{ seconds: Figures; megabytes: Figures }>;
type Figures = Readonly<Record<string, number>>;

/** A data set of some size: how to speak to it, and how to open it. */
export type Stored = Readonly<{
  space: Workspace;
  flags: readonly string[];
  settings: RawSettings;
  namespace: string;
  open(): Promise<Engine>;
  /** Flags of data that may be deleted: nothing of it is needed for the next size. */
  toDelete(): readonly string[];
  run: string;
  id: string;
}>;

const FRESH = 1_000;
const PORT = 8_439;
const ROUNDS = 3;
const LOOK_MS = 50;
const DATASET_OF_RUN = fileURLToPath(new URL('dataset-of-run.ts', import.meta.url));

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
export async function measure(stored: Stored, size: number, say: (text: string) => void): Promise<Measured> {
  const seconds: Record<string, number> = {};
  const megabytes: Record<string, number> = {};
  const time = async <T>(name: string, act: () => Promise<T>) => {
    say(name);
    const startMs = performance.now();
    const result = await act();
    seconds[name] = (performance.now() - startMs) / 1_000;
    return result;
  };
  const weigh = async (name: string, act: () => Promise<number>) => {
    megabytes[`${name}: peak PSS`] = await time(name, act);
  };
  const { space, flags, settings, namespace, id, run } = stored;
  const cli = (args: readonly string[]) => runCli(space, [...args, ...flags]);
  await time('opening the data', async () => (await stored.open()).close());
  await time('status', () => cli(['status']));
  await time('show ID', () => cli(['show', id]));
  await time('gc --dry-run', () => cli(['gc', '--dry-run', '--simulated']));
  const questions = space.path(`fresh-${size}.jsonl`);
  await writeQuestions(questions, FRESH, `${size}`);
  await time(`intake of ${FRESH} questions`, () => cli(['ingest', questions]));
  await weigh(`a run of these ${FRESH} and its end`, () =>
    cli(['run', questions, '--simulate', 'latency=0ms', '--quiet', '--out', space.path('fresh-out.jsonl')]),
  );
  Object.assign(seconds, await measureViews(stored));
  await weigh('export', () => cli(['export', '--out', space.path('all.jsonl')]));
  const ofRun: DatasetOfRun = { settings, namespace, run, out: space.path('run.jsonl') };
  await weigh('the dataset of a run of all', () => runCli(space, [JSON.stringify(ofRun)], DATASET_OF_RUN));
  const old = ['--older-than', '0m', '--steps', '0m', '--records', '--yes', '--simulated'];
  const toDelete = stored.toDelete();
  await time('gc of all records and steps', () => runCli(space, ['gc', ...old, ...toDelete]));
  return { seconds, megabytes };
}

async function measureViews({ space, flags, id }: Stored): Promise<Figures> {
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
