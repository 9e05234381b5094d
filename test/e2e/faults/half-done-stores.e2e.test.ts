import { randomUUID } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { z } from 'zod';
import type { settingsSchema } from '../../../src/infra/config/settings.ts';
import { loadKafka } from '../../fixtures/stores/kafka-dump.ts';
import { loadMongo } from '../../fixtures/stores/mongo-dump.ts';
import { MODEL_FLAGS, REDO_FLAGS, SHADOW_MODEL, writeGroup } from '../../fixtures/stores/questions.ts';
import { linesOf, storeMadeBy, unpackStore } from '../../fixtures/stores/unpack.ts';
import { CALLS_LEFT, CANDIDATES, COUNTS_AT_THE_END, callsOf } from '../../fixtures/stores/what-is-left.ts';
import { embeddedFacts } from '../../support/invariants/embedded-facts.ts';
import type { RunFacts, WorkFact } from '../../support/invariants/facts.ts';
import { kafkaFacts } from '../../support/invariants/kafka-facts.ts';
import { mongoFacts } from '../../support/invariants/mongo-facts.ts';
import { violationsIn } from '../../support/invariants.ts';
import { startLlm } from '../../support/llm/scripted-llm-process.ts';
import { type Ended, millrace } from '../../support/process/millrace.ts';
import { settleDown } from '../../support/run/settle-down.ts';
import { describeOnServers } from '../../support/servers/on-servers.ts';
import { tempDir } from '../../support/temp-dir.ts';

/** How long a claim of those that were killed is waited for. */
const LEASE_MS = 3_000;

const isShadows = ({ lane }: WorkFact) => lane.startsWith('shadow-');

/** A half-done store, ready to go on. */
type Store = Readonly<{
  flags: readonly string[];
  settings: z.input<typeof settingsSchema>;
  facts(): Promise<RunFacts>;
}>;

async function goesOnToTheEnd(dir: string, store: Store): Promise<void> {
  const data = join(dir, 'data');
  const judged = (await store.facts()).works.filter(isShadows).length;
  const [llm, judge] = [await startLlm(), await startLlm()];
  const config = { shadows: { strict: { baseUrl: judge.url, model: SHADOW_MODEL } }, leaseMs: LEASE_MS };
  await writeFile(join(dir, 'millrace.config.json'), JSON.stringify(config));
  const done = async (...args: readonly string[]): Promise<Ended> => {
    const ended = await millrace([...args, ...store.flags, '--data', data], {
      cwd: dir,
      env: { MILLRACE_BASE_URL: llm.url, MILLRACE_CONFIG: 'millrace.config.json' },
    });
    expect(ended.code, `${args.join(' ')}: ${ended.stderr}`).toBe(0);
    return ended;
  };
  const [half, approved, queued] = [
    await writeGroup(dir, 'half'),
    await writeGroup(dir, 'approved'),
    await writeGroup(dir, 'queued'),
  ];

  await done('run', half, ...MODEL_FLAGS);
  await done('run', queued, ...MODEL_FLAGS);
  await done('run', approved, ...MODEL_FLAGS, ...REDO_FLAGS);
  await done('replay', '--lane', 'second');
  await settleDown(data, llm.url, store.settings);

  expect(callsOf(await llm.quietStats())).toEqual(CALLS_LEFT);
  expect((await judge.quietStats()).started).toBe(CANDIDATES - judged);
  const facts = await store.facts();
  expect(violationsIn(facts)).toEqual([]);
  expect(Object.fromEntries([...facts.counts].map(([lane, each]) => [lane.slice(0, 4), each]))).toMatchObject(
    COUNTS_AT_THE_END,
  );
  await done('export', '--version', 'v1', '--out', join(dir, 'v1.jsonl'));
}

describe('a data directory that 0.1.0 left half done', () => {
  it('goes on to the end, and pays for nothing that was done', async () => {
    const dir = await tempDir();
    const data = join(dir, 'data');
    await unpackStore(storeMadeBy('0.1.0', 'embedded'), data);
    await goesOnToTheEnd(dir, { flags: [], settings: {}, facts: () => embeddedFacts(data, 'millrace') });
    expect((await readdir(data)).filter((name) => name.endsWith('.spill'))).toEqual([]);
  });
});

await describeOnServers('Kafka and MongoDB that 0.1.0 left half done', ({ kafka, mongo }) => {
  it('go on to the end, and pay for nothing that was done', async () => {
    const namespace = `e2e-${randomUUID()}`;
    const from = storeMadeBy('0.1.0', 'servers');
    const client = new MongoClient(mongo);
    onTestFinished(() => client.close());
    await loadMongo(client.db(namespace), await linesOf(from, 'mongo.jsonl', namespace));
    await loadKafka(kafka, await linesOf(from, 'kafka.jsonl', namespace));
    await goesOnToTheEnd(await tempDir(), {
      flags: ['--kafka', kafka, '--mongo', mongo, '--namespace', namespace],
      settings: { kafka, mongo, namespace, leaseMs: LEASE_MS },
      facts: async () => ({
        topics: await kafkaFacts(kafka, namespace),
        ...(await mongoFacts(mongo, namespace)),
      }),
    });
  });
});
