import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { z } from 'zod';
import { type Check, runChecks } from '../../../../src/features/upkeep/doctor/check.ts';
import { dataDirectory } from '../../../../src/features/upkeep/doctor/data-directory.ts';
import { embeddedDatabase } from '../../../../src/features/upkeep/doctor/embedded-database.ts';
import { journals } from '../../../../src/features/upkeep/doctor/journals.ts';
import { kafka } from '../../../../src/features/upkeep/doctor/kafka.ts';
import { lookUps } from '../../../../src/features/upkeep/doctor/look-ups.ts';
import { modelServer } from '../../../../src/features/upkeep/doctor/model-server.ts';
import { mongo } from '../../../../src/features/upkeep/doctor/mongo.ts';
import { nodeVersion } from '../../../../src/features/upkeep/doctor/node-version.ts';
import { prices } from '../../../../src/features/upkeep/doctor/prices.ts';
import { settingsSchema } from '../../../../src/infra/config/settings.ts';
import { openEngine } from '../../../../src/infra/engines/open-engine.ts';
import { OsLock } from '../../../../src/infra/files/os-lock.ts';
import { pipelineTopics } from '../../../../src/stages/pipeline.ts';
import { workIdOf } from '../../../../src/streams/work/work.ts';
import { newWork } from '../../../../src/testing/store/fixtures.ts';
import {
  arrivalOf,
  damagedJournal,
  journalNoteOf,
  openedJournal,
  unusableJournals,
} from '../../../support/journal.ts';
import { startScriptedLlmServer } from '../../../support/llm/scripted-llm-server.ts';
import { askedQuestions, runHere } from '../../../support/run/run-here.ts';
import { freePorts } from '../../../support/servers/free-ports.ts';
import { describeOnKafka, describeOnMongo } from '../../../support/servers/on-servers.ts';
import { tokenOf } from '../../../support/stage/work.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { until } from '../../../support/until.ts';

async function look(
  check: Check,
  given: z.input<typeof settingsSchema>,
  { simulated = false, namespace = 'millrace', timeoutMs = 60_000 } = {},
): Promise<string[]> {
  const context = { settings: settingsSchema.parse(given), simulated, namespace };
  const findings = await runChecks([check], context, timeoutMs);
  for (const { status, mend } of findings) expect(mend === undefined).toBe(status === 'ok');
  return findings.map(({ status, text }) => `${status}: ${text}`);
}

describe('the doctor', () => {
  it('turns a look that throws or takes too long into a finding', async () => {
    const throwing: Check = { name: 'throwing', look: () => Promise.reject(new RangeError('oops')) };
    const hanging: Check = { name: 'hanging', look: () => new Promise(() => undefined) };
    expect(await look(throwing, {})).toEqual(['failed: Unexpected failure: oops']);
    expect(await look(hanging, {}, { timeoutMs: 5 })).toEqual(['failed: no answer within 0.005 s']);
  });

  it('is content with this Node', async () => {
    expect(await look(nodeVersion, {})).toEqual([expect.stringMatching(/^ok: Node 2/)]);
  });

  it('knows how much stands in journals, and names what was set aside', async () => {
    const data = await tempDir();
    const namespace = 'millrace';
    expect(await look(journals, { data })).toEqual([`ok: no answer waits for the store in ${data}`]);
    const journal = openedJournal({ directory: data, namespace });
    onTestFinished(() => void journal.close());
    const held = { workId: workIdOf(newWork()), token: tokenOf('a.1') };
    journal.arrived(arrivalOf(held), [Buffer.alloc(1_048_576)]);
    expect(await look(journals, { data })).toEqual([
      expect.stringMatching(/^ok: 1 file of journals, 1.0 MB/),
    ]);
    const damaged = await damagedJournal(data, namespace);
    const [, warned] = await look(journals, { data });
    expect(warned).toMatch(/^warning: 1 file of journals.*cannot all be read/);
    expect(await readFile(damaged, 'utf8')).toContain('torn');
  });

  it('names each journal that no start can use, and why, unless a process is writing it', async () => {
    const data = await tempDir();
    const namespace = 'millrace';
    const unusable = await unusableJournals(data, namespace);
    expect(await look(journals, { data })).toEqual(
      unusable.map(({ path, reason }) => `warning: no start can use the paid answers in ${path}: ${reason}`),
    );
    const [newer, ...others] = unusable;
    const lock = OsLock.take(`${newer?.path.replace('.1.journal', '')}.journal-lock`);
    onTestFinished(() => lock?.release());
    const found = await look(journals, { data });
    expect(found[0]).toMatch(/^ok: 1 file of journals/);
    expect(found).toHaveLength(1 + others.length);
  });

  it('knows of answers that Millrace 0.1.0 left, and of a file of them that cannot be read', async () => {
    const data = await tempDir();
    await writeFile(join(data, 'millrace.x.spill'), 'paid');
    expect(await look(journals, { data })).toEqual([expect.stringMatching(/^ok: 1 file of journals/)]);
    const unusable = join(data, 'millrace.y.spill');
    await mkdir(unusable);
    expect(await look(journals, { data })).toEqual([
      expect.stringMatching(/^ok: 1 file of journals/),
      `warning: no start can use the paid answers in ${unusable}: it is no file`,
    ]);
  });

  it('sees who may read the data directory and its files', async () => {
    const data = join(await tempDir(), 'data');
    expect(await look(dataDirectory, { data })).toEqual([expect.stringContaining('not there yet')]);
    await mkdir(data, { mode: 0o700 });
    const sees = async () => (await look(dataDirectory, { data }))[0];
    expect(await sees()).toMatch(/^ok: .*alone/);
    await chmod(data, 0o755);
    expect(await sees()).toMatch(/^warning: .*can be entered/);
    await writeFile(join(data, 'millrace.db'), '');
    await chmod(join(data, 'millrace.db'), 0o644);
    expect(await sees()).toMatch(/^warning: millrace.db .*read by others/);
  });

  it('finds a database whole, and one that is none', async () => {
    const data = await tempDir();
    await runHere({ data, dryRun: true }, { asked: askedQuestions(2) });
    const namespace = 'millrace-simulated';
    expect(await look(embeddedDatabase, { data }, { namespace })).toEqual([
      expect.stringMatching(/^ok: .*whole$/),
    ]);
    await writeFile(
      join(data, 'broken.db'),
      'no database at all, but long enough to be looked at. '.repeat(40),
    );
    const broken = await look(embeddedDatabase, { data }, { namespace: 'broken' });
    expect(broken).toEqual([expect.stringMatching(/^failed: .*damaged or no Millrace data/)]);
  });

  it('knows which prices are missing', async () => {
    const baseUrl = 'http://127.0.0.1:9/v1';
    expect(await look(prices, { model: 'gpt-4o', baseUrl })).toEqual(['ok: known for gpt-4o']);
    expect(await look(prices, { model: 'my-own', baseUrl })).toEqual([
      expect.stringMatching(/^warning: not known for my-own/),
    ]);
    expect(await look(prices, {}, { simulated: true })).toEqual([]);
  });
});

describe('the doctor on a model server', () => {
  it('says that it is simulated, that nobody answers, or that nothing can be told', async () => {
    expect(await look(modelServer, {}, { simulated: true })).toEqual([expect.stringContaining('simulated')]);
    const [port] = await freePorts(1);
    const nobody = await look(modelServer, { baseUrl: `http://127.0.0.1:${port}/v1` });
    expect(nobody).toEqual([expect.stringMatching(/^failed: nothing answers/)]);
    const server = await startScriptedLlmServer({});
    onTestFinished(() => server.close());
    const [told] = await look(modelServer, { baseUrl: server.url });
    expect(told).toMatch(/^(?:ok|failed|warning): .*(?:knows|list)/);
  });

  it.each([
    [200, { data: [{ id: 'gpt-4o-mini' }] }, /^ok: .*knows gpt-4o-mini/],
    [200, { data: [{ id: 'other' }] }, /^failed: .*does not list gpt-4o-mini/],
    [401, { error: 'no' }, /^failed: .*refuses the key in OPENAI_API_KEY \(401\)/],
    [404, {}, /^warning: .*lists no models \(404\)/],
  ])('reads the answer %i to GET /models', async (status, body, expected) => {
    const { createServer } = await import('node:http');
    const paths: string[] = [];
    const server = createServer((request, response) => {
      paths.push(`${request.method} ${request.url}`);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    vi.stubEnv('OPENAI_API_KEY', 'sk-a-key-that-nobody-has');
    onTestFinished(() => void vi.unstubAllEnvs());
    const found = await look(modelServer, { baseUrl: `http://127.0.0.1:${port}/v1` });
    expect(found).toEqual([expect.stringMatching(expected)]);
    expect(found.join()).not.toContain('nobody-has');
    expect(paths).toEqual(['GET /v1/models']);
  });
});

await describeOnKafka('the doctor on Kafka', (bootstrap) => {
  it('finds missing topics, then all well, then records that nobody works', async () => {
    const namespace = `doctor-${randomUUID().slice(0, 8)}`;
    const given = { kafka: bootstrap, partitions: 2, data: await tempDir() };
    expect(await look(kafka, given, { namespace })).toContain(
      `failed: ${namespace}.questions and 12 more: not there`,
    );
    const settings = settingsSchema.parse(given);
    const engine = await openEngine({ settings, namespace, mode: 'append' });
    onTestFinished(() => engine.close());
    await engine.log.ensureTopics(pipelineTopics(namespace, 2));
    const well = await until(
      'all is well',
      async () => {
        const found = await look(kafka, given, { namespace });
        return found.every((text) => text.startsWith('ok')) && found;
      },
      60_000,
    );
    expect(well).toContain('ok: 13 topics are as the settings say');
    await engine.log.publish(`${namespace}.questions`, [{ key: 'a', value: '{}' }]);
    expect(await look(kafka, given, { namespace })).toContain(
      `warning: 1 records wait in ${namespace}.questions, and nobody works them`,
    );
    expect(await look(kafka, { ...given, partitions: 3 }, { namespace })).toContain(
      `warning: ${namespace}.questions: 2 partitions, and the settings say 3`,
    );
  });

  it('says that nobody answers, in bounded time', async () => {
    const [port] = await freePorts(1);
    const [finding] = await look(kafka, { kafka: `127.0.0.1:${port}` });
    expect(finding).toMatch(/^failed: Kafka/);
  });
});

await describeOnMongo('the doctor on MongoDB', (uri) => {
  it('finds what is missing or different, what waits elsewhere, then all well', async () => {
    const namespace = `doctor-${randomUUID().slice(0, 8)}`;
    const given = { mongo: uri, data: await tempDir() };
    const nothing = await look(mongo, given, { namespace });
    expect(nothing.filter((text) => text.includes(namespace))).toContain(
      `warning: the database ${namespace} is empty`,
    );
    expect(nothing.join()).not.toContain('questions');
    const engine = await openEngine({ settings: settingsSchema.parse(given), namespace, mode: 'append' });
    const client = new MongoClient(uri);
    onTestFinished(async () => {
      await client.db(namespace).dropDatabase();
      await client.close();
      await engine.close();
    });
    const well = await look(mongo, given, { namespace });
    expect(well).toContain(`ok: collections, indexes and validators of ${namespace} are as they should be`);
    await client.db(namespace).collection('questions').dropIndex('ended');
    const gap = await look(mongo, given, { namespace });
    expect(gap.some((text) => text.includes('index ended of questions'))).toBe(true);

    const [one, two, other] = [{ id: 'one' }, { id: 'two' }, { id: 'other', host: 'farther' }].map(
      journalNoteOf,
    );
    for (const note of [one, two, other]) if (note !== undefined) await engine.store.journals.note(note);
    const waiting = (await look(mongo, given, { namespace })).filter((text) => text.includes('gone silent'));
    expect(waiting.toSorted()).toEqual([
      expect.stringMatching(/^warning: 2 workers on far, .* have gone silent: .* their \/data may hold/),
      expect.stringMatching(/^warning: a worker on farther .* has gone silent: .* its \/data may hold/),
    ]);
  });

  it('says that nobody answers, and never the password', async () => {
    const [port] = await freePorts(1);
    const found = await look(mongo, { mongo: `mongodb://me:hush-hush@127.0.0.1:${port}/` });
    expect(found).toEqual([expect.stringMatching(/^failed: MongoDB/)]);
    expect(found.join()).not.toContain('hush');
  });
});

describe('the doctor on look-ups', () => {
  const searxng = { provider: 'searxng', baseUrl: 'http://localhost:8888' };
  const server = join(import.meta.dirname, '../../../support/mcp/stdio-process.ts');
  const wiki = { command: process.execPath, args: [server], allow: ['search'] };

  it('says nothing where nothing is looked up with', async () => {
    expect(await look(lookUps, {})).toEqual([]);
  });

  it('says by whom the web is searched, and which key is missing', async () => {
    expect(await look(lookUps, { lookUpTools: { web: searxng } })).toEqual([
      'ok: the web is searched by searxng at localhost:8888',
    ]);
    vi.stubEnv('TAVILY_API_KEY', undefined);
    expect(await look(lookUps, { lookUpTools: { web: { provider: 'tavily' } } })).toEqual([
      'failed: Web search by tavily needs a key: set TAVILY_API_KEY.',
    ]);
  });

  it('says what the MCP servers offer, and what is wrong with one', async () => {
    const broken = { ...wiki, command: 'no-such-command-here' };
    const [one, other] = await look(lookUps, { lookUpTools: { mcp: { wiki, broken } } });
    expect(one).toBe(
      'ok: the MCP server wiki offers search, read_page, delete_page, fail, environment, wait, die; 1 of them may be called',
    );
    expect(other).toMatch(/^failed: The MCP server broken cannot be started/);
  });

  it('asks nobody in a rehearsal', async () => {
    const [said] = await look(lookUps, { lookUpTools: { mcp: { wiki } } }, { simulated: true });
    expect(said).toMatch(/^warning: the web is invented/);
  });
});
