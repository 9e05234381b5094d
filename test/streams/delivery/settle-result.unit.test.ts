import { describe, expect, it } from 'vitest';
import { PublishedMarks } from '../../../src/streams/delivery/published-marks.ts';
import { moveToDead, settleDeath, settleResult } from '../../../src/streams/delivery/settle-result.ts';
import { persistThrough } from '../../../src/streams/work/persist.ts';
import { poison } from '../../support/failures.ts';
import { FakeLog } from '../../support/fakes/fake-log.ts';
import { FakeStatuses } from '../../support/fakes/fake-question-book.ts';
import { FakeWorkStore } from '../../support/fakes/fake-work-store.ts';
import { logRecord } from '../../support/stage/records.ts';
import { testStop } from '../../support/stage/stop-signals.ts';
import { attempt, finished, workKey } from '../../support/stage/work.ts';

const work = workKey();
const record = logRecord({ topic: 'in', partition: 3, offset: 17n, key: 'q1', headers: { h: '1' } });
const death = { stage: 'research', record, work, attempts: [attempt()] };

function bench() {
  const journal: string[] = [];
  const log = new FakeLog({ journal });
  const questions = new FakeStatuses(journal);
  const store = new FakeWorkStore<string>(journal);
  const marks = new PublishedMarks(store);
  const persist = persistThrough(testStop().signals, () => undefined);
  return { deps: { log, questions, marks, persist }, log, questions, store, marks };
}

describe('settling a result', () => {
  it.each(['emit', 'finish'] as const)('%s moves the question, publishes and marks', async (kind) => {
    const { deps, log, questions, store, marks } = bench();
    store.put(work, { state: 'done', finished: finished('r') });
    const records = [{ key: 'q1', value: 'a' }];
    await settleResult(deps, { kind, status: 'researched', topic: 'next', records }, death);
    await marks.flush();
    expect(questions.moves).toEqual([{ work, status: 'researched' }]);
    expect(log.published).toEqual([{ topic: 'next', record: { key: 'q1', value: 'a' } }]);
    expect(store.row(work)?.published).toBe(true);
  });

  it('hold lets the question wait for a person, and tells the ledger what is taken back', async () => {
    const { deps, log, questions } = bench();
    const waiting = { why: 'score', shown: '{}' };
    const records = [{ key: 'q1', value: 'a' }];
    await settleResult(deps, { kind: 'hold', status: 'held', waiting, topic: 'ledger', records }, death);
    expect(questions.moves).toEqual([{ work, status: 'held', waiting }]);
    expect(log.published).toEqual([{ topic: 'ledger', record: { key: 'q1', value: 'a' } }]);
  });

  it('dead-letter keeps the dead letter in the book and in its topic', async () => {
    const { deps, log, questions } = bench();
    await settleResult(deps, { kind: 'dead-letter', failure: poison() }, death);
    expect(questions.deadLetters).toHaveLength(1);
    expect(log.published.map(({ topic }) => topic)).toEqual(['in.dlq']);
  });
});

describe('settling a death', () => {
  it('of a record that would not fit keeps its beginning, its length, its hash and its place', async () => {
    const { deps, log, questions } = bench();
    const value = 'ä'.repeat(4_100_000);
    const headers = { h: '1', long: 'x'.repeat(100_000) };
    await settleDeath(deps, { ...death, record: { ...record, value, headers }, failure: poison() });
    const [deadLetter] = questions.deadLetters;
    const cut = expect.stringMatching(/^8200000 bytes, sha256 [0-9a-f]{64}, the first 65536 kept$/);
    expect(deadLetter).toMatchObject({ key: 'q1', headers: { h: '1', 'millrace-cut': cut } });
    expect(deadLetter?.headers).not.toHaveProperty('long');
    expect(deadLetter?.value).toHaveLength(65_536);
    expect(deadLetter?.message).toContain('in:3:17');
    expect(log.published[0]?.record.value).toHaveLength(65_536);
  });

  it('that its topic refuses whole is kept there cut, and whole in the store', async () => {
    const { deps, log, questions } = bench();
    const publish = log.publish.bind(log);
    const refusing = {
      publish: async (...[topic, records]: Parameters<typeof publish>) => {
        if (records.some((each) => each.headers?.['millrace-cut'] === undefined)) throw poison();
        return publish(topic, records);
      },
    };
    await settleDeath({ ...deps, log: refusing }, { ...death, record, failure: poison() });
    expect(questions.deadLetters[0]?.headers).toEqual({ h: '1' });
    expect(log.published[0]?.record.headers).toHaveProperty('millrace-cut');
  });

  it('of a record that cannot be read keeps what came of it', async () => {
    const { deps, questions } = bench();
    const unreadable = { code: 'batch_too_large', message: 'm', head: new Uint8Array([1, 2]), bytes: 9 };
    const dead = { ...record, key: null, value: null, unreadable };
    await settleDeath(deps, { ...death, record: dead, failure: poison() });
    expect(questions.deadLetters[0]).toMatchObject({
      value: unreadable.head,
      headers: { 'millrace-cut': expect.any(String) },
    });
  });

  it('keeps the bytes, the place and the reason', async () => {
    const { deps, log, questions } = bench();
    const value = new Uint8Array([0, 255, 7]);
    await settleDeath(deps, { ...death, record: { ...record, value }, failure: poison() });
    expect(questions.deadLetters[0]).toMatchObject({
      id: 'main/q1/research/0',
      topic: 'in',
      partition: 3,
      offset: 17n,
      key: 'q1',
      value,
      headers: { h: '1' },
      kind: 'poison',
      code: 'bad_request',
      attempts: [attempt()],
    });
    expect(log.published).toEqual([
      {
        topic: 'in.dlq',
        record: {
          key: 'q1',
          value,
          headers: {
            h: '1',
            'millrace-dead-letter-id': 'main/q1/research/0',
            'millrace-source': 'in:3:17',
            'millrace-failure': 'poison/bad_request',
            'millrace-message': 'This prompt can never work.',
            'millrace-attempts': '1',
          },
        },
      },
    ]);
  });

  it('names a record that could not be decoded by its place', async () => {
    const { deps, log, questions } = bench();
    await settleDeath(deps, {
      ...death,
      work: undefined,
      record: { ...record, key: null },
      failure: poison(),
    });
    await moveToDead(deps, undefined);
    expect(questions.deadLetters[0]?.id).toBe('in:3:17');
    expect(log.published[0]?.record.key).toBe('in:3:17');
    expect(questions.moves).toEqual([]);
  });

  it('is in the book before it is in the topic, and the question ends last', async () => {
    const { deps, log } = bench();
    await settleDeath(deps, { ...death, failure: poison() });
    await moveToDead(deps, work);
    expect(log.journal).toEqual(['putDeadLetter', 'publish in.dlq', 'move dead_lettered']);
  });
});
