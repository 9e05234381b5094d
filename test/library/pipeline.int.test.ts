import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ChatModel, createPipeline, Failure } from '../../src/index.ts';

const options = () => ({
  data: mkdtempSync(join(tmpdir(), 'millrace-pipeline-')),
  simulate: 'latency=1ms,reject=0%',
  batchSize: 4,
});

async function* numbered(count: number, onAsked: () => void = () => undefined) {
  for (let index = 0; index < count; index += 1) {
    onAsked();
    yield `What is ${index}?`;
  }
}

async function allOf<T>(values: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

describe('createPipeline', () => {
  it('yields an example for every question of an endless supply that is read', async () => {
    const pipeline = await createPipeline(options());
    const texts = new Set<string>();
    for await (const { question } of pipeline.process(numbered(200))) texts.add(question.text);
    expect(texts.size).toBe(200);
    expect(await pipeline.progress()).toMatchObject({ questions: 200, open: 0, errors: [] });
    await pipeline.close();
  });

  it('takes no more questions than fit into the window while nobody reads', async () => {
    const pipeline = await createPipeline({ ...options(), window: 10 });
    let asked = 0;
    let read = 0;
    let furthest = 0;
    for await (const _ of pipeline.process(numbered(100, () => (asked += 1)))) {
      read += 1;
      furthest = Math.max(furthest, asked - read);
    }
    // One question waits at the door beside those in the window.
    expect(read).toBe(100);
    expect(furthest).toBeLessThanOrEqual(11);
    await pipeline.close();
  });

  it('yields the stored example when a question comes again', async () => {
    const same = options();
    const pipeline = await createPipeline(same);
    const collect = async () => {
      const ids: string[] = [];
      for await (const { questionId } of pipeline.process(numbered(20))) ids.push(questionId);
      return ids.sort();
    };
    const first = await collect();
    expect(await collect()).toEqual(first);
    await pipeline.close();
  });

  it('ends when the reader walks away, and goes on at the next start', async () => {
    const same = options();
    const pipeline = await createPipeline(same);
    for await (const _ of pipeline.process(numbered(1_000_000))) break;
    await pipeline.close();
    const again = await createPipeline(same);
    const ids: string[] = [];
    for await (const { questionId } of again.process(numbered(30))) ids.push(questionId);
    expect(ids).toHaveLength(30);
    await again.close();
  });

  it('says which question of the supply is none', async () => {
    const pipeline = await createPipeline(options());
    const process = async () => {
      for await (const _ of pipeline.process(['What is water?', '  ']));
    };
    await expect(process()).rejects.toThrow(/Question 2/);
    await pipeline.close();
  });
});

describe('the end of a pipeline', () => {
  it('cuts calls that are still in flight when the time to drain is over, of a model that does not listen too', async () => {
    const called = Promise.withResolvers<void>();
    const pipeline = await createPipeline({
      data: options().data,
      drainMs: 20,
      model: {
        address: 'deaf',
        simulated: false,
        complete: () => {
          called.resolve();
          return new Promise(() => undefined);
        },
      },
    });
    const reading = allOf(pipeline.process(['What is water?']));
    await called.promise;
    await pipeline.close();
    await pipeline.close();
    expect(await reading).toEqual([]);
  });

  it('refuses a time to drain that is none', async () => {
    const creating = createPipeline({ ...options(), drainMs: -1 });
    await expect(creating).rejects.toMatchObject({ code: 'bad_setting', message: /drainMs/ });
  });
});

it('a pipeline keeps the last 100 errors, and counts all', async () => {
  const model: ChatModel = {
    address: 'broken',
    simulated: false,
    complete: async () => {
      throw new Failure('poison', 'refused', 'Never.');
    },
  };
  const pipeline = await createPipeline({ data: options().data, batchSize: 8, model });
  expect(await allOf(pipeline.process(numbered(130)))).toEqual([]);
  const { errors, errorCount } = await pipeline.progress();
  expect([errors.length, errorCount]).toEqual([100, 130]);
  expect(errors[0]).toMatchObject({ stage: 'research', kind: 'poison', code: 'refused' });
  await pipeline.close();
});
