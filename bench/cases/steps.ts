import { DatabaseSync } from 'node:sqlite';
import { openMongoStore } from '../../src/infra/engines/mongo/store.ts';
import { openEmbedded } from '../../src/infra/engines/sqlite/engine.ts';
import { packingAlone } from '../../src/infra/engines/stored/packed-text.ts';
import type { Step } from '../../src/streams/work/step.ts';
import { type WorkStore, workIdOf } from '../../src/streams/work/work.ts';
import { newWork, usage } from '../../src/testing/store/fixtures.ts';
import { localMongo } from '../../test/support/servers/local.ts';
import type { BenchCase, Figure } from '../bench-case.ts';
import { corpus } from '../support/corpus.ts';
import { p95, timed } from '../support/manuals.ts';
import { workspace } from '../support/workspace.ts';

const WORKS = 64;
const STEPS = 30;
const CHARACTERS = 12_000;

/** What it takes to keep the steps of research that looks things up. */
export const steps: BenchCase = {
  name: 'steps',
  title: `(u) ${STEPS} steps of ${CHARACTERS} characters for each of ${WORKS} works at once`,
  minutes: 0.1,
  async run(say) {
    using space = workspace();
    say('on SQLite');
    const engine = await openEmbedded({ data: space.directory, namespace: 'bench', mode: 'consume' });
    const embedded = await measured(engine.store.research).finally(() => engine.close());
    say('on bare SQLite');
    const bareMs = bareCpuMs(space.path('bare.db'));
    say('on MongoDB');
    const mongo = await localMongo();
    const store = await openMongoStore({ uri: mongo.address, namespace: 'bench' });
    const distributed = await measured(store.research).finally(async () => {
      await store.close();
      await mongo.stop();
    });
    return [
      figure('SQLite: CPU a step', 'ms', embedded.cpuMs, { most: 0.1 }),
      figure('bare SQLite: CPU of a step, packed and inserted', 'ms', bareMs),
      figure('SQLite: CPU a step / bare', 'x', embedded.cpuMs / bareMs),
      figure('SQLite: a step, p95', 'ms', embedded.p95Ms, { most: 20 }),
      figure('MongoDB: steps a second', '/s', distributed.perSecond, { least: 500 }),
      figure('MongoDB: CPU a step, without the server', 'ms', distributed.cpuMs),
      figure('MongoDB: a step of one work alone, p95', 'ms', distributed.aloneMs, { most: 15 }),
    ];
  },
};

function stepOf(n: number, body: unknown): Step {
  const about = { n, key: `turn/${n}`, kind: 'turn', drive: 0, model: 'bench' } as const;
  return { ...about, at: new Date().toISOString(), durationMs: 12, usage, costUsd: 0.5, body };
}

function figure(name: string, unit: string, value: number, target?: NonNullable<Figure['target']>): Figure {
  return { name, unit, value, ...(target === undefined ? {} : { target }) };
}

function bodyOfStep(): object {
  const texts = corpus();
  let text = '';
  while (text.length < CHARACTERS) text += `${texts.sentence()} `;
  return { text };
}

/** What nobody can go below who keeps the same bytes: 64 of them in each transaction, in a file of their own. */
function bareCpuMs(path: string): number {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  db.exec('CREATE TABLE steps (id TEXT PRIMARY KEY, facts TEXT NOT NULL, body ANY NOT NULL) STRICT;');
  const insert = db.prepare('INSERT INTO steps VALUES (?, ?, ?)');
  const body = bodyOfStep();
  const write = (n: number) => {
    db.exec('BEGIN IMMEDIATE');
    for (let work = 0; work < WORKS; work += 1) {
      const { body: text, ...facts } = stepOf(n, body);
      const { plain, packed } = packingAlone(JSON.stringify(text));
      insert.run(`bench/${work}/research/0/${n}`, JSON.stringify(facts), packed ?? plain);
    }
    db.exec('COMMIT');
  };
  write(STEPS);
  const before = process.cpuUsage();
  for (let n = 0; n < STEPS; n += 1) write(n);
  const { user, system } = process.cpuUsage(before);
  db.close();
  return (user + system) / 1_000 / (WORKS * STEPS);
}

async function measured(store: WorkStore<unknown>) {
  const body = bodyOfStep();
  const work = async (): Promise<readonly number[]> => {
    const key = newWork({ stage: 'research' });
    const claim = await store.claim(key);
    if (claim.kind !== 'claimed') throw new Error(`the work is ${claim.kind}`);
    const held = { workId: workIdOf(key), token: claim.token };
    const times: number[] = [];
    for (let n = 0; n < STEPS; n += 1) {
      // To ask for the CPU time of each takes as long as a step.
      const startMs = performance.now();
      const made = await store.appendStep(held, stepOf(n, body));
      times.push(performance.now() - startMs);
      if (made !== 'stored') throw new Error(`step ${n} was ${made}`);
    }
    return times;
  };
  await work();
  const alone = await work();
  const all = await timed(() => Promise.all(Array.from({ length: WORKS }, work)));
  return {
    cpuMs: (all.cpuSeconds * 1_000) / (WORKS * STEPS),
    perSecond: (WORKS * STEPS) / all.seconds,
    p95Ms: p95(all.made.flat()),
    aloneMs: p95(alone),
  };
}
