import { cpSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings } from '../../src/infra/config/load-settings.ts';
import { openEngine } from '../../src/infra/engines/open-engine.ts';
import { MAIN_LANE } from '../../src/stages/lanes/lane.ts';
import { loadNow } from '../report.ts';
import { writeQuestions } from '../support/questions.ts';
import { newSite, startServers } from '../support/servers.ts';
import { workspace } from '../support/workspace.ts';
import type { EngineRows } from './growth-report.ts';
import { measure, type Stored } from './measure.ts';
import { runCli } from './run-cli.ts';
import { EmbeddedSeeder } from './seed-embedded.ts';
import { MongoSeeder } from './seed-mongo.ts';
import { TEMPLATE } from './sizes.ts';

const SIMULATED = 'millrace-simulated';

type Rows = EngineRows['rows'];
type Say = (text: string) => void;

/** One SQLite file. */
export async function embeddedRows(
  sizes: readonly number[],
  say: Say,
  keep: (rows: Rows) => void,
): Promise<void> {
  using space = workspace();
  const data = space.path('data');
  const path = join(data, `${SIMULATED}.db`);
  const copy = space.path('copy');
  const toDelete = () => {
    rmSync(copy, { recursive: true, force: true });
    cpSync(data, copy, { recursive: true });
    return ['--data', copy];
  };
  const flags = ['--data', data];
  const stored = await template({ space, flags, settings: { data }, namespace: SIMULATED, toDelete });
  const seeder = new EmbeddedSeeder(path);
  const rows: Rows[number][] = [];
  for (const questions of sizes) {
    say(`embedded, ${questions}: copying`);
    seeder.copyTo(questions);
    const { size: bytes } = statSync(path);
    const measured = await measure(stored, questions, (what) => say(`embedded, ${questions}: ${what}`));
    rows.push({ questions, load: loadNow(), bytes, ...measured });
    keep(rows);
  }
}

/** Kafka and MongoDB, started here. */
export async function serverRows(
  sizes: readonly number[],
  say: Say,
  keep: (rows: Rows) => void,
): Promise<void> {
  await using servers = await startServers();
  using space = workspace();
  const { kafka, mongo, namespace: site } = newSite(servers);
  const flags = ['--kafka', kafka, '--mongo', mongo, '--namespace', site, '--data', space.path('data')];
  const settings = { kafka, mongo, namespace: site };
  const namespace = `${site}-simulated`;
  // Records are no part of what is copied.
  const toDelete = () => flags;
  const stored = await template({ space, flags, settings, namespace, toDelete });
  const seeder = await MongoSeeder.open(mongo, namespace);
  const rows: Rows[number][] = [];
  for (const questions of sizes) {
    say(`servers, ${questions}: copying`);
    await seeder.copyTo(questions);
    const measured = await measure(stored, questions, (what) => say(`servers, ${questions}: ${what}`));
    rows.push({ questions, load: loadNow(), bytes: 0, ...measured });
    keep(rows);
  }
  await seeder.close();
}

/** Works the questions that are copied afterwards. */
async function template(place: Omit<Stored, 'open' | 'run' | 'id'>): Promise<Stored> {
  const { space, flags, namespace } = place;
  const questions = space.path('template.jsonl');
  await writeQuestions(questions, TEMPLATE, 'template');
  await runCli(space, [
    'run',
    questions,
    '--simulate',
    'latency=0ms',
    '--quiet',
    '--out',
    space.path('template-out.jsonl'),
    ...flags,
  ]);
  const settings = await loadSettings(() => place.settings);
  const open = () => openEngine({ settings, namespace, mode: 'append' });
  await using engine = await open();
  const run = (await engine.store.runs.latest())?.id ?? '';
  const {
    questions: [first],
  } = await engine.store.list.page({ lane: MAIN_LANE });
  return { ...place, open, run, id: first?.questionId ?? '' };
}
