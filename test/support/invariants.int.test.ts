import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineFunctions } from '../../src/infra/engines/sqlite/functions.ts';
import { violations, violationsAtAnyTime } from './invariants.ts';
import { type ScriptedLlmServer, startScriptedLlmServer } from './llm/scripted-llm-server.ts';
import { questionText } from './run/question-files.ts';
import { askedQuestions, runHere } from './run/run-here.ts';
import { tempDir } from './temp-dir.ts';

let base: string;
let server: ScriptedLlmServer;
const data = () => join(base, 'data');

// Approved at once, approved after a revision, rejected after the last revision, and dead.
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'millrace-invariants-'));
  server = await startScriptedLlmServer({
    script: {
      reject: { revisions: 1, fraction: 0.5 },
      sequences: [
        {
          question: questionText(0),
          schema: 'candidate',
          faults: ['malformed', 'malformed', 'malformed', 'malformed'],
        },
      ],
    },
  });
  await runHere({ data: data(), baseUrl: server.url, maxRevisions: 1 }, { asked: askedQuestions(12) });
  await runHere({ data: data(), baseUrl: server.url, minScore: 10 }, { asked: extra() });
});
afterAll(async () => {
  await server.close();
  await rm(base, { recursive: true, force: true });
});

async function* extra() {
  for await (const asked of askedQuestions(1))
    yield { ...asked, question: { ...asked.question, text: 'Is this good enough?' } };
}

/** What the checker says of a copy in which one thing was changed. */
async function violationsAfter(change: string): Promise<string[]> {
  const copy = join(await tempDir(), 'data');
  await cp(data(), copy, { recursive: true });
  const db = new DatabaseSync(join(copy, 'millrace.db'));
  defineFunctions(db);
  db.exec(change);
  db.close();
  return violations(copy, { calls: { started: server.counts.started } });
}

const STORY = 'coalesce(unpacked(packed), value)';
const one = (table: string, where = '1') => `(SELECT id FROM ${table} WHERE ${where} LIMIT 1)`;
const recordsOf = (topic: string) => `id >> 50 = (SELECT id FROM topics WHERE name = 'millrace.${topic}')`;

const stepOf = (n: number, key: string, work = one('research')) => {
  const facts = JSON.stringify({ n, key, kind: key.split('/')[0], model: 'scripted' });
  return `INSERT INTO steps (id, facts, body) VALUES (${work} || '/00000${n}', '${facts}', '{}')`;
};

const BROKEN: readonly Readonly<{ what: string; change: string; seen: RegExp }>[] = [
  {
    what: 'a question that came to no end',
    change: `UPDATE questions SET status = 'generated' WHERE id = ${one('dataset')}`,
    seen: /^conservation: main\/\w+ stands at generated$/,
  },
  {
    what: 'a question that was published and lost',
    change: `DELETE FROM questions WHERE id = ${one('dataset')}`,
    seen: /^conservation: the question of millrace.questions:0:\d+ was never accepted$/,
  },
  {
    what: 'a question that is in the dataset and among the rejections',
    change: `INSERT INTO rejections SELECT * FROM dataset WHERE id = ${one('dataset')}`,
    seen: /^uniqueness: main\/\w+ has two ends$/,
  },
  {
    what: 'a question that is in the dataset and was taken back',
    change: `INSERT INTO retractions SELECT * FROM dataset WHERE id = ${one('dataset')}`,
    seen: /^uniqueness: main\/\w+ has two ends$/,
  },
  {
    what: 'an approved question without its example',
    change: `DELETE FROM dataset WHERE id = ${one('dataset')}`,
    seen: /^one end: main\/\w+ stands at approved and has \[\]$/,
  },
  {
    what: 'a dead question whose dead letter is gone',
    change: "UPDATE dead_letters SET state = 'closed'",
    seen: /^one end: main\/\w+ stands at dead_lettered and has \[\]$/,
  },
  {
    what: 'an end of a question that nobody asked',
    change: `UPDATE dataset SET question_id = 'stranger' WHERE id = ${one('dataset')}`,
    seen: /^one end: main\/stranger has an end and is no question$/,
  },
  {
    what: 'a work that was paid twice, with two results on the next topic',
    change: `UPDATE records SET value = json_set(${STORY}, '$.candidate.answer', 'other'), packed = NULL, id = id + 1000
      WHERE id = ${one('records', recordsOf('review'))};
      INSERT INTO records (id, key, value, headers, timestamp_ms)
      SELECT id - 1000, key, json_set(${STORY}, '$.candidate.answer', 'first'), headers, timestamp_ms
      FROM records WHERE ${recordsOf('review')} ORDER BY id DESC LIMIT 1`,
    seen: /^uniqueness: millrace.review:0:\d+ differs from an earlier record of main/,
  },
  {
    what: 'an example that the ledger has otherwise',
    change: `UPDATE records SET value = json_set(${STORY}, '$.candidate.answer', 'other'), packed = NULL
      WHERE id = ${one('records', recordsOf('dataset'))}`,
    seen: /^ledger: main\/\w+ is not on it as the dataset has it$/,
  },
  {
    what: 'an example that never came onto the ledger',
    change: `DELETE FROM records WHERE id = (SELECT max(id) FROM records WHERE ${recordsOf('dataset')})`,
    seen: /^ledger: main\/\w+ is not on it/,
  },
  {
    what: 'an example on the ledger that the dataset does not have',
    change: `DELETE FROM dataset WHERE id = ${one('dataset')}`,
    seen: /^ledger: main\/\w+ is on it and not in the dataset$/,
  },
  {
    what: 'an offset that was committed before its record had an end',
    change: `DELETE FROM research WHERE id = ${one('research', "state = 'done'")}`,
    seen: /^overtaking: millrace.research:0:\d+ is below the committed offset and has no end$/,
  },
  {
    what: 'an offset that was committed past the end of its topic',
    change: "UPDATE offsets SET next = next + 1 WHERE topic = 'millrace.review'",
    seen: /^overtaking: millrace.review:0 is committed at \d+, past its end$/,
  },
  {
    what: 'a message whose stage before left no result',
    change: `DELETE FROM generations WHERE id = ${one('generations', "state = 'done'")}`,
    seen: /^causality: millrace.review:0:\d+ has no stored result of the stage before review$/,
  },
  {
    what: 'a stage that has not read its topic to the end',
    change: "UPDATE offsets SET next = next - 2 WHERE consumer_group = 'millrace.storage'",
    seen: /^liveness: storage lags 2 behind on millrace.storage:0$/,
  },
  {
    what: 'a claim that nobody gave back',
    change: `UPDATE reviews SET state = 'claimed' WHERE id = ${one('reviews')}`,
    seen: /^liveness: main\/\w+\/review\/\d is still claimed$/,
  },
  {
    what: 'a call that left neither a result nor a failed attempt',
    change: 'UPDATE tallies SET failed_attempts = failed_attempts - 1 WHERE failed_attempts > 0',
    seen: /^cost: \d+ calls for \d+ answers and \d+ failed attempts, 0 lost to kills$/,
  },
  {
    what: 'more results than calls',
    change: 'UPDATE tallies SET failed_attempts = failed_attempts + 9 WHERE failed_attempts > 0',
    seen: /^cost: \d+ answers and failed attempts from \d+ calls$/,
  },
  {
    what: 'a work whose steps have a gap',
    change: `${stepOf(0, 'search/0')}; ${stepOf(2, 'turn/1')}`,
    seen: /^steps: main\/\w+\/research\/0 has \[0, 2\]$/,
  },
  {
    what: 'a turn that became two steps',
    change: `${stepOf(0, 'turn/0')}; ${stepOf(1, 'turn/0')}`,
    seen: /^steps: main\/\w+\/research\/0 has turn\/0 twice$/,
  },
  {
    what: 'steps of a work that nobody knows',
    change: stepOf(0, 'search/0', "'main/stranger/research/0'"),
    seen: /^steps: main\/stranger\/research\/0 has steps and is no work$/,
  },
  {
    what: 'a turn that the model was never asked',
    change: `${stepOf(0, 'turn/0')}; ${stepOf(1, 'turn/1')}`,
    seen: /^cost: \d+ answers and failed attempts from \d+ calls$/,
  },
  {
    what: 'a count that is not that of a recount',
    change: "UPDATE status_counts SET n = n + 1 WHERE scope = 'lane:main' AND status = 'approved'",
    seen: /^counting: main says \d+ approved, a recount \d+$/,
  },
];

describe('the checker of the promises', () => {
  it('finds nothing in a run that kept them', async () => {
    expect(await violations(data(), { calls: { started: server.counts.started } })).toEqual([]);
    expect(await violationsAtAnyTime(data())).toEqual([]);
  });

  it('sees a look-up that left neither a step nor a failed attempt', async () => {
    const counted = async (started: number, lostToKills: number) =>
      violations(data(), { lookUps: { started, lostToKills } });
    expect(await counted(1_000, 1_000)).toEqual([]);
    expect(await counted(1_000, 0)).toEqual([
      expect.stringMatching(/^cost: 1000 look-ups for \d+ steps and failed attempts, 0 lost to kills$/),
    ]);
  });

  for (const { what, change, seen } of BROKEN)
    it(`sees ${what}`, async () => {
      expect(await violationsAfter(change)).toContainEqual(expect.stringMatching(seen));
    });
});
