import { describe, expect, it } from 'vitest';
import { PartitionFeed } from '../../../../../src/infra/engines/kafka/consumer/partition-feed.ts';
import type { LogRecord } from '../../../../../src/streams/log/log.ts';
import { until } from '../../../../support/until.ts';

const records = (count: number, from = 0): readonly LogRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    topic: 'topic',
    partition: 0,
    offset: BigInt(from + index),
    key: null,
    value: null,
    headers: {},
    timestampMs: 0,
  }));

/** A feed whose owner takes so many records and then pauses it. */
function feedWith(credits: number) {
  const seen = { credits, offsets: [] as number[], wanted: [] as boolean[] };
  const feed: PartitionFeed = new PartitionFeed({
    deliver: (offered) => {
      const taken = offered.slice(0, seen.credits);
      seen.credits -= taken.length;
      seen.offsets.push(...taken.map(({ offset }) => Number(offset)));
      if (taken.length < offered.length) feed.pause();
      return taken.length;
    },
    fetch: (wanted) => void seen.wanted.push(wanted),
  });
  const grant = (more: number) => {
    seen.credits += more;
    feed.resume();
  };
  return { feed, seen, grant };
}

describe('a partition feed', () => {
  it('delivers at once what may be taken, and the rest after a resume, in order and once', async () => {
    const { feed, seen, grant } = feedWith(3);
    feed.add(records(5));
    expect(seen.offsets).toEqual([0, 1, 2]);
    feed.add(records(5, 5));
    expect(seen.offsets).toEqual([0, 1, 2]);
    grant(100);
    await until('all are delivered', () => seen.offsets.length === 10);
    expect(seen.offsets).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('never delivers inside a resume', () => {
    const { feed, seen, grant } = feedWith(0);
    feed.add(records(1));
    grant(1);
    expect(seen.offsets).toEqual([]);
  });

  it('asks for no more while many records wait, and for more before all are gone', async () => {
    const { feed, seen, grant } = feedWith(10);
    feed.add(records(300));
    expect(seen.wanted).toEqual([false]);
    grant(200);
    await until('they are delivered', () => seen.offsets.length === 210);
    expect(seen.wanted).toEqual([false, true]);
  });

  it('goes on being fetched while it is paused with little in it', () => {
    const { feed, seen } = feedWith(0);
    feed.add(records(50));
    expect(seen.wanted).toEqual([]);
  });

  it('delivers nothing after its end', async () => {
    const { feed, seen, grant } = feedWith(0);
    feed.add(records(5));
    grant(5);
    feed.end();
    const other = feedWith(0);
    other.feed.add(records(1));
    other.grant(1);
    await until('the other one delivers', () => other.seen.offsets.length === 1);
    expect(seen.offsets).toEqual([]);
  });
});
