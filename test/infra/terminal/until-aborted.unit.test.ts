import { expect, it } from 'vitest';
import { untilAborted } from '../../../src/infra/terminal/until-aborted.ts';
import { heldMemory } from '../../support/held-memory.ts';

async function* numbers(count: number, then: Promise<unknown> = Promise.resolve(), journal: string[] = []) {
  try {
    for (let each = 1; each <= count; each += 1) yield each;
    await then;
  } finally {
    journal.push('closed');
  }
}

async function collected(source: AsyncIterable<number>, onValue: (value: number) => void = () => undefined) {
  const found: number[] = [];
  for await (const each of source) {
    found.push(each);
    onValue(each);
  }
  return found;
}

it('gives everything where nobody aborts, and closes the source', async () => {
  const journal: string[] = [];
  const source = numbers(3, Promise.resolve(), journal);
  expect(await collected(untilAborted(source, new AbortController().signal))).toEqual([1, 2, 3]);
  expect(journal).toEqual(['closed']);
});

it('ends although the source waits for ever', async () => {
  const stop = new AbortController();
  const source = numbers(2, new Promise(() => undefined));
  const found = collected(untilAborted(source, stop.signal), (value) => {
    if (value === 2) setImmediate(() => stop.abort());
  });
  expect(await found).toEqual([1, 2]);
});

it('gives nothing where it is aborted already', async () => {
  expect(await collected(untilAborted(numbers(2), AbortSignal.abort()))).toEqual([]);
});

it('holds nothing of the values that it gave', async () => {
  const held: number[] = [];
  for await (const each of untilAborted(numbers(50_000), new AbortController().signal))
    if (each === 1_000 || each === 50_000) held.push(await heldMemory());
  const [before = 0, after = 0] = held;
  expect(after - before).toBeLessThan(5_000_000);
});
