import { MongoNetworkError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { Bulk } from '../../../../src/infra/engines/mongo/bulk.ts';
import { Failure } from '../../../../src/streams/failure.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { until } from '../../../support/until.ts';

describe('a bulk', () => {
  it('takes along what was added in the same turn, and answers each in its place', async () => {
    const sizes: number[] = [];
    const bulk = new Bulk('doubling', async (items: readonly number[]) => {
      sizes.push(items.length);
      return items.map((item) => 2 * item);
    });
    expect(await Promise.all([1, 2, 3].map((item) => bulk.add(item)))).toEqual([2, 4, 6]);
    expect(sizes).toEqual([3]);
  });

  it('gathers what comes while two are on their way', async () => {
    const sent: { items: readonly number[]; answer: PromiseWithResolvers<readonly number[]> }[] = [];
    const bulk = new Bulk('waiting', (items: readonly number[]) => {
      const answer = Promise.withResolvers<readonly number[]>();
      sent.push({ items, answer });
      return answer.promise;
    });
    const adding: Promise<number>[] = [];
    for (const item of [1, 2, 3, 4, 5]) {
      adding.push(bulk.add(item));
      if (item < 3) await until('it is sent', () => sent.length === item);
    }
    sent[0]?.answer.resolve([1]);
    await until('the rest is sent', () => sent.length === 3);
    sent[1]?.answer.resolve([2]);
    sent[2]?.answer.resolve([3, 4, 5]);
    expect(sent.map(({ items }) => items)).toEqual([[1], [2], [3, 4, 5]]);
    expect(await Promise.all(adding)).toEqual([1, 2, 3, 4, 5]);
  });

  it('lets only those die that are refused', async () => {
    const bulk = new Bulk('storing', async (items: readonly number[]) => {
      if (items.some((item) => item % 10 === 7)) throw new Failure('poison', 'refused', 'seven');
      return items;
    });
    const results = await Promise.allSettled(Array.from({ length: 20 }, (_, item) => bulk.add(item)));
    const refused = results.flatMap(({ status }, item) => (status === 'rejected' ? [item] : []));
    expect(refused).toEqual([7, 17]);
  });

  it('is repeated where the connection broke, and then rejects everybody with an outage', async () => {
    let tries = 0;
    const bulk = new Bulk('storing', async (): Promise<readonly number[]> => {
      tries += 1;
      throw new MongoNetworkError('connection 7 closed');
    });
    const failures = await Promise.all([1, 2].map((item) => failureOf(() => bulk.add(item))));
    expect(failures.map(({ kind, message }) => [kind, message])).toEqual(
      [1, 2].map(() => ['outage', 'MongoDB: storing failed: connection 7 closed']),
    );
    expect(tries).toBe(3);
  });

  it('has whom no result came for wait it out, as an outage that nobody knows', async () => {
    const bulk = new Bulk('claiming', async (items: readonly number[]) => items.slice(1));
    const [first, second] = [1, 2].map((item) => bulk.add(item));
    expect(await first).toBe(2);
    const failure = await failureOf(() => second ?? Promise.resolve());
    expect(failure).toMatchObject({ kind: 'outage', code: 'mongo_unexpected' });
    expect(failure.message).toBe('MongoDB: claiming failed: no result came.');
  });
});
