import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { expandSources } from '../../../src/infra/input/sources/expand-sources.ts';
import { originsOf } from '../../../src/infra/input/sources/hub/origins.ts';
import { entriesOf, failureOf, inShort } from './reading.ts';

const parquet = readFileSync(new URL('../../fixtures/parquet/zstd-v2-many.parquet', import.meta.url));
const FILES: Readonly<Record<string, Uint8Array>> = {
  'README.md': Buffer.from('# Data'),
  'data/train-00000-of-00001.parquet': parquet,
  'data/test-00000-of-00001.parquet': parquet,
  'extra/more.jsonl.gz': gzipSync('{"question":"More?"}\n'),
};
const SHA = 'abc123';

/** A stand-in for the Hub and for the server that its files lead to. */
const servers: Server[] = [];
let [hub, files] = ['', ''];
const seen: { host: string; path: string; token: string | undefined; range: string | undefined }[] = [];
let cardData: unknown;
/** How many of the next answers are cut. */
let cuts = 0;

function addressOf(server: Server): string {
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return addressOf(server);
}

beforeAll(async () => {
  files = await listening(
    createServer((request, response) => {
      const { authorization: token, range } = request.headers;
      seen.push({ host: 'files', path: request.url ?? '', token, range });
      const content = FILES[decodeURIComponent((request.url ?? '').slice(1))] ?? Buffer.alloc(0);
      const [, start, end] = /bytes=(\d+)-(\d+)/.exec(range ?? '') ?? [];
      const body = content.subarray(Number(start), Number(end) + 1);
      response.writeHead(206, {
        'content-range': `bytes ${start}-${Number(start) + body.length - 1}/${content.length}`,
        'content-length': body.length,
      });
      if (cuts > 0) {
        cuts -= 1;
        response.write(body.subarray(0, 1), () => response.destroy());
      } else response.end(body);
    }),
  );
  hub = await listening(
    createServer((request, response) => {
      const { authorization: token, range } = request.headers;
      const path = decodeURIComponent(request.url ?? '');
      seen.push({ host: 'hub', path, token, range });
      if (path.includes('gated') && token !== 'Bearer right') return void response.writeHead(401).end();
      const file = new RegExp(`^/datasets/[^/]+/[^/]+/resolve/${SHA}/(.+)$`).exec(path)?.[1];
      if (file !== undefined) return void response.writeHead(302, { location: `${files}/${file}` }).end();
      if (!/^\/api\/datasets\/me\/(?:cards|gated)\/revision\/(?:main|v1|abc123)$/.test(path))
        return void response.writeHead(404).end();
      const siblings = Object.keys(FILES).map((rfilename) => ({ rfilename }));
      response.end(JSON.stringify({ sha: SHA, siblings, cardData }));
    }),
  );
});
afterAll(() => Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve)))));
beforeEach(() => {
  seen.length = 0;
  cuts = 0;
  cardData = undefined;
  vi.stubEnv('HF_ENDPOINT', hub);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const read = async (source: string) => {
  const found: string[] = [];
  for (const file of await expandSources([source])) found.push(...inShort(await entriesOf(file)));
  return found;
};

describe('hf:owner/name', () => {
  it('is the train split of a revision, at its commit, read by ranges', async () => {
    expect(await expandSources(['hf:me/cards'])).toEqual([
      `hf://datasets/me/cards@${SHA}/data/train-00000-of-00001.parquet`,
      `hf://datasets/me/cards@${SHA}/extra/more.jsonl.gz`,
    ]);
    const questions = await read('hf:me/cards@v1');
    expect(questions).toHaveLength(26);
    expect([questions[0], questions[25]]).toEqual(['1 What is 0?', '1 More?']);
    expect(seen.filter(({ path }) => path.startsWith('/api')).map(({ path }) => path)).toEqual([
      '/api/datasets/me/cards/revision/main',
      '/api/datasets/me/cards/revision/v1',
    ]);
    expect(seen.filter(({ host }) => host === 'files').every(({ range }) => range !== undefined)).toBe(true);
  });

  it('is the split that is named, by the card’s configs where it has some', async () => {
    expect(await read('hf:me/cards:test')).toHaveLength(25);
    cardData = { configs: [{ config_name: 'more', data_files: [{ split: 'train', path: 'extra/*' }] }] };
    expect(await read('hf:me/cards#more')).toEqual(['1 More?']);
  });

  it('is named with its commit and the licence of its card, once', async () => {
    cardData = { license: ['cc-by-4.0', 'mit'] };
    const sources = await expandSources(['hf:me/cards', 'hf:me/cards:test']);
    const origin = { dataset: 'me/cards', commit: SHA };
    expect(await originsOf([...sources, 'own.jsonl'])).toEqual([{ ...origin, license: 'cc-by-4.0, mit' }]);
    cardData = undefined;
    expect(await originsOf(sources)).toEqual([{ ...origin, license: 'unknown' }]);
    expect(await originsOf(['own.jsonl'])).toEqual([]);
  });

  it('goes on where a connection is cut', async () => {
    cuts = 2;
    expect(await read('hf:me/cards:test')).toHaveLength(25);
  });

  it('sends its token to the Hub alone', async () => {
    vi.stubEnv('HF_TOKEN', 'right');
    expect(await read('hf:me/gated:test')).toHaveLength(25);
    expect(new Set(seen.map(({ host, token }) => `${host} ${token}`))).toEqual(
      new Set(['hub Bearer right', 'files undefined']),
    );
  });

  it.each([
    ['hf:me/gated', 'hub_gated', /accept its terms.*HF_TOKEN/],
    ['hf:me/nothing', 'input_missing', /no such data set/],
    ['hf:me/cards:dev', 'input_missing', /no split dev; there is: train, test/],
    ['hf:me/cards#none', 'input_missing', /no config none/],
    ['hf:a b', 'bad_hub_address', /expected hf:OWNER\/NAME/],
  ])('is refused with what to do: %s', async (source, code, words) => {
    const failure = await failureOf(expandSources([source]));
    expect([failure.kind, failure.code]).toEqual(['fatal', code]);
    expect(failure.message).toMatch(words);
  });

  it('is refused where the Hub cannot be reached', async () => {
    vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9');
    const failure = await failureOf(expandSources(['hf:me/cards']));
    expect([failure.code, failure.message]).toEqual([
      'hub_unreachable',
      expect.stringMatching(/HF_ENDPOINT=http:\/\/127\.0\.0\.1:9\).*Download the files, and name them/),
    ]);
  });
});
