import { expect, it } from 'vitest';
import { parseSettings } from '../../../src/infra/config/load-settings.ts';

it('says what was expected and what came', () => {
  expect(() => parseSettings({ batchSize: -1 })).toThrow(/batchSize: .*; got -1/);
});

it('says in plain words how large a number may be', () => {
  expect(() => parseSettings({ minScore: '11' })).toThrow(
    /^Bad value for minScore: expected at most 10; got "11"\.$/,
  );
  expect(() => parseSettings({ minScore: 0 })).toThrow(/expected at least 1; got 0\.$/);
  expect(() => parseSettings({ batchSize: 0 })).toThrow(/expected more than 0; got 0\.$/);
  expect(() => parseSettings({ minScore: 'much' })).toThrow(/expected number; got "much"\.$/);
});

it('takes no - for a dataset: it would become a file of that name, with a card', () => {
  expect(() => parseSettings({ out: '-' })).toThrow(/^Bad value for out: expected a file: .*; got "-"\.$/);
});

it.each(['o.csv', 'dir/o.TSV', 'o.xlsx', 'o.jsonl.gz'])(
  'takes no %s for a dataset: it would be JSONL by another name',
  (out) => {
    expect(() => parseSettings({ out })).toThrow(
      /^Bad value for out: expected a name that ends in \.jsonl or \.parquet: .*; got "[^"]*"\.$/,
    );
  },
);

it.each(['o.jsonl', 'o.json', 'o.parquet', 'o', 'v1.2', 'o.txt'])('takes %s for a dataset', (out) => {
  expect(parseSettings({ out })).toMatchObject({ out });
});

const SECRET = 'planted-4711';

it.each<readonly [string, object]>([
  ['a token that is none', { httpToken: 4711 }],
  ['a list of tokens', { httpToken: [SECRET] }],
  ['an object for a token', { httpToken: { secret: SECRET } }],
  ['a base URL that is none', { baseUrl: `htp//user:${SECRET}@x` }],
  ['a base URL of another protocol', { baseUrl: `ftp://user:${SECRET}@x/v1?key=${SECRET}` }],
  ['the base URL of an agent', { agents: { review: { baseUrl: `u:${SECRET}@x` } } }],
  ['the base URL of a judge', { shadows: { strict: { baseUrl: `u:${SECRET}@x` } } }],
  ['a collector', { otlpEndpoint: `user:${SECRET}@x` }],
  ['agents that are a text', { agents: `{"review":{"baseUrl":"http://u:${SECRET}@x"` }],
  ['an agent that is a text', { agents: { review: SECRET } }],
  ['a log-in to Kafka that is a text', { kafkaSasl: SECRET }],
  [
    'a password in the log-in to Kafka',
    { kafkaSasl: { mechanism: SECRET, username: 'u', passwordVariable: '' } },
  ],
  ['an extra body that is a text', { extraBody: SECRET }],
  ['an extra body that is a list', { agents: { review: { extraBody: [SECRET] } } }],
  ['a key in place of the name of its variable', { apiKeyVariable: `sk-${SECRET}` }],
  ['another', { agents: { review: { apiKeyVariable: `sk_${SECRET}_${SECRET}` } } }],
  ['MongoDB as an object', { mongo: { password: SECRET } }],
  ['a key where a number belongs', { batchSize: `sk-${SECRET}${SECRET}` }],
])('%s is refused without being quoted', (_, settings) => {
  const parse = () => parseSettings({ ...settings });
  expect(parse).toThrow(/^Bad value for [\w.]+: .*; got .*\.$/s);
  expect(parse).toThrow(expect.objectContaining({ message: expect.not.stringContaining('4711') }));
});

it('shows what came where it is harmless', () => {
  expect(() => parseSettings({ baseUrl: 'ftp://me:pass@host/v1?key=x' })).toThrow(/got ftp:\/\/host\/v1\.$/);
  expect(() => parseSettings({ namespace: 'No Name' })).toThrow(/got "No Name"\.$/);
});

it('tells the address of another server from that of its own, and shows no password of it', () => {
  const uri = 'mongodb://me:hunter2@db:27017';
  expect(() => parseSettings({ kafka: uri })).toThrow(/^Bad value for kafka: .*belongs to mongo.*$/);
  expect(() => parseSettings({ kafka: 'http://localhost:9092' })).toThrow(/without a scheme/);
  expect(() => parseSettings({ mongo: 'localhost:9092' })).toThrow(/expected the URI of a MongoDB/);
  for (const given of [{ kafka: uri }, { mongo: 'http://me:hunter2@db' }])
    expect(() => parseSettings(given)).not.toThrow(/hunter2/);
  expect(parseSettings({ kafka: 'a:9092, b:9092', mongo: uri })).toMatchObject({ mongo: uri });
});

it.each([
  [{ foo: 1 }, /^Unknown setting foo\. Known are: namespace, data, .*\.$/],
  [
    { lookUpTools: { page: { host: ['x.org'] } } },
    /^Unknown setting lookUpTools\.page\.host\. Known are: hosts, denyHosts, .*\.$/,
  ],
  [
    { agents: { review: { modell: 'x' } } },
    /^Unknown setting agents\.review\.modell\. Known are: .*\bmodel\b.*\.$/,
  ],
])(
  'a setting that nobody knows is named with its place, and with what may stand there: %j',
  (raw, message) => {
    expect(() => parseSettings(raw)).toThrow(message);
  },
);
