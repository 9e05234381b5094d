import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cardRoute } from '../../../../src/features/dataset/http/card-route.ts';
import { downloadRoute } from '../../../../src/features/dataset/http/download-route.ts';
import { datasetOpener } from '../../../../src/features/dataset/http/open-dataset.ts';
import { versionRoutes } from '../../../../src/features/dataset/http/version-routes.ts';
import { parseSplit, SPLIT_NAMES } from '../../../../src/stages/dataset/split.ts';
import type { Example } from '../../../../src/stages/example.ts';
import type { QuestionId } from '../../../../src/streams/work/work.ts';
import { served } from '../../../support/http/served.ts';
import { fresh, REQUEST, rigOn } from '../../../support/run/ledger-rig.ts';
import { describeOnServers } from '../../../support/servers/on-servers.ts';

const SPLIT = parseSplit('60/20/20');

async function servedLedger(servers: Parameters<typeof rigOn>[0] = {}) {
  const rig = await rigOn(servers);
  const open = datasetOpener(rig.port);
  const { versions, reports } = rig.engine.store;
  const routes = [
    downloadRoute(open),
    cardRoute({ open, reports, license: 'cc-by-4.0' }),
    ...versionRoutes(versions),
  ];
  const { address, api, problems } = await served({
    ...{ engine: rig.engine, routes },
    // Who hangs up opens a connection for its next request, and may ask nothing on it.
    limits: { closeMs: 100 },
  });
  return {
    ...{ ...rig, address, api, problems },
    download: (query: string) => fetch(`${address}/v1/dataset/download?${query}`),
    card: (query: string) => fetch(`${address}/v1/dataset/card?${query}`),
    problem: async (query: string) => {
      const { status, body } = await api.call(`/v1/dataset/download?${query}`);
      return { status, ...(typeof body === 'object' ? body : {}) };
    },
  };
}

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const idsIn = (lines: string) =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => String(JSON.parse(line).questionId));
const idsOf = (...examples: readonly Example[]) => examples.map(({ questionId }) => questionId).toSorted();

async function sameToTheByte(servers: Parameters<typeof rigOn>[0] = {}): Promise<void> {
  const { put, keep, download, card, data } = await servedLedger(servers);
  await put(...fresh(20));
  const whole = await keep('whole');
  const parts = await keep('parts', { ...REQUEST, format: 'openai', fileType: 'parquet', split: SPLIT });
  await put(...fresh(3));
  const reply = await download('version=whole');
  expect(reply.headers.get('content-disposition')).toContain('"whole.jsonl"');
  const bytes = await reply.bytes();
  expect(bytes).toEqual(new Uint8Array(await readFile(join(data, 'whole.jsonl'))));
  expect(sha256Of(bytes)).toBe(whole.manifest?.files[0]?.sha256);
  for (const { part, sha256 } of parts.manifest?.files ?? expect.fail()) {
    const file = await download(`version=parts&part=${part}`);
    expect(file.headers.get('content-disposition')).toContain(`"parts-${part}.parquet"`);
    expect(sha256Of(await file.bytes())).toBe(sha256);
    expect(await (await card(`version=parts&part=${part}`)).text()).toContain(sha256);
  }
}

describe('a version over HTTP', () => {
  it('is the file of its manifest to the byte, in each of its parts, whatever was approved since', async () => {
    await sameToTheByte();
  });

  it('stands in the list, the oldest first, and has its manifest', async () => {
    const { put, keep, since, api } = await servedLedger();
    expect((await api.call('/v1/dataset/versions')).body).toEqual({ versions: [] });
    await put(...fresh(2));
    const { manifest } = await keep('v1', { ...REQUEST, split: SPLIT, filter: { minScore: 2 } });
    await put(...fresh(1));
    await keep('v2', { ...REQUEST, since: await since('v1') });
    expect((await api.call('/v1/dataset/versions')).body).toMatchObject({
      versions: [
        { name: 'v1', lane: 'main', filter: { minScore: 2 }, examples: 2, costUsd: 0.5, parts: SPLIT_NAMES },
        { name: 'v2', since: 'v1', parts: [], examples: 1, files: [{ name: 'v2.jsonl', lines: 1 }] },
      ],
    });
    expect((await api.call('/v1/dataset/versions/v1')).body).toEqual(manifest);
    const unknown = { status: 404, code: 'unknown_version', known: ['v1', 'v2'] };
    expect((await api.call('/v1/dataset/versions/v3')).body).toMatchObject(unknown);
    expect((await api.call('/v1/dataset/download?version=v3')).body).toMatchObject(unknown);
    expect((await api.call('/v1/dataset/versions/a%20b')).status).toBe(400);
  });

  it('gives its rows in another format, which has no hash to compare', async () => {
    const { put, keep, download } = await servedLedger();
    await put(...fresh(2));
    await keep('v1');
    const other = await download('version=v1&format=openai');
    expect(other.headers.get('content-disposition')).toContain('"v1-openai.jsonl"');
    expect((await other.text()).trimEnd().split('\n')).toHaveLength(2);
  });

  it('takes a lane, filters and a split that say what it is, and refuses others', async () => {
    const { put, keep, download, card, problem } = await servedLedger();
    await put(...fresh(2));
    await keep('parts', { ...REQUEST, split: SPLIT, filter: { minScore: 2 } });
    await keep('bare', { ...REQUEST, filter: { without: ['system', 'tools'] } });
    expect((await download('version=bare&without=tools,system')).status).toBe(200);
    expect((await download('version=bare&without=tools')).status).toBe(409);
    const own = 'version=parts&part=train&lane=main&minScore=2&split=60/20/20';
    expect((await download(own)).status).toBe(200);
    for (const other of ['minScore=3', 'topic=physics', 'lane=other', 'split=90/10']) {
      const refused = { status: 409, code: 'version_says_otherwise' };
      expect(await problem(`version=parts&part=train&${other}`)).toMatchObject(refused);
      expect((await card(`version=parts&part=train&${other}`)).status).toBe(409);
    }
    expect(await problem('version=parts')).toMatchObject({ status: 409, code: 'part_needed' });
    expect(await problem('version=parts&part=train&since=2020-01-01')).toMatchObject({ status: 400 });
    await keep('whole');
    expect(await problem('version=whole&part=train')).toMatchObject({ status: 409 });
  });

  it('is refused before a byte is sent where one of its questions was forgotten', async () => {
    const { put, keep, download, card, problem, engine, problems } = await servedLedger();
    const [one, other] = fresh(2);
    if (one === undefined || other === undefined) expect.fail();
    await put(one, other);
    await keep('v1');
    await engine.store.forgotten.mark([one.questionId as QuestionId]);
    expect(await problem('version=v1')).toMatchObject({ status: 409, code: 'version_differs' });
    expect((await card('version=v1')).status).toBe(409);
    expect((await (await download('version=v1&format=openai')).text()).trimEnd().split('\n')).toHaveLength(1);
    expect(problems).toEqual([]);
  });
});

describe('what was approved since', () => {
  it('a version, or a time, is a download of its own', async () => {
    const { put, keep, download, card, problem } = await servedLedger();
    const [same, improved, added] = fresh(3);
    if (same === undefined || improved === undefined || added === undefined) expect.fail();
    await put(same, improved);
    await keep('v1');
    await put({ ...improved, revision: 1 }, added);
    const reply = await download('format=record&since=v1');
    expect(reply.headers.get('content-disposition')).toContain('"dataset-main-record-since-v1.jsonl"');
    const bytes = await reply.bytes();
    expect(idsIn(Buffer.from(bytes).toString())).toEqual(idsOf(improved, added));
    expect(await (await card('format=record&since=v1')).text()).toContain(sha256Of(bytes));
    const sinceTime = async (text: string) =>
      idsIn(await (await download(`format=record&since=${encodeURIComponent(text)}`)).text());
    expect(await sinceTime('2020-01-01T08:00+01:00')).toEqual(idsOf(same, improved, added));
    expect(await sinceTime('2999-01-01')).toEqual([]);
    expect(await problem('since=yesterday')).toMatchObject({ status: 400, code: 'bad_since' });
  });
});

/** A ledger larger than what sockets and SQLite's cache take. */
const LARGE = { candidate: { prompt: 'Why?', answer: 'Because. '.repeat(30_000) } };

describe('a download from the ledger', () => {
  it('gives way as soon as its client hangs up, and so many at once are enough', async () => {
    const { put, address, download } = await servedLedger();
    await put(...fresh(60, LARGE));
    const url = `${address}/v1/dataset/download?since=2020-01-01`;
    for (const _round of [1, 2]) {
      const clients = Array.from({ length: 4 }, () => new AbortController());
      const replies = await Promise.all(clients.map(({ signal }) => fetch(url, { signal })));
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      const fifth = await download('since=2020-01-01');
      expect([fifth.status, fifth.headers.get('retry-after')]).toEqual([429, '1']);
      for (const client of clients) client.abort();
      await expect.poll(async () => (await fetch(url, { method: 'HEAD' })).status).toBe(200);
    }
  });

  it('leaves no temporary file of a client that did not even wait for the reply', async () => {
    const { put, address, download } = await servedLedger();
    await put(...fresh(60, LARGE));
    for (const afterMs of [0, 5, 20, 50, 100, 150, 200, 300]) {
      const signal = AbortSignal.timeout(afterMs);
      const reply = fetch(`${address}/v1/dataset/download?since=2020-01-01`, { signal });
      await reply.then((each) => each.bytes()).catch(() => undefined);
    }
    const four = Array.from(
      { length: 4 },
      async () => (await (await download('since=2020-01-01')).bytes()).length,
    );
    const lengths = await Promise.all(four);
    expect(new Set(lengths).size).toBe(1);
    expect(lengths[0]).toBeGreaterThan(60 * LARGE.candidate.answer.length);
  });
});

await describeOnServers('on Kafka and MongoDB', (servers) => {
  it('a version is the file of its manifest to the byte, in each of its parts', async () => {
    await sameToTheByte(servers);
  });
});
