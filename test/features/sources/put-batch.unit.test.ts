import { afterEach, describe, expect, it, vi } from 'vitest';
import { PutBatch } from '../../../src/features/sources/put-batch.ts';
import type {
  DocumentIndex,
  KnownDocument,
  ReadDocument,
} from '../../../src/infra/documents/index/document-index.ts';

afterEach(() => void vi.useRealTimers());

const document: KnownDocument = {
  ...{ path: 'a.md', title: 'A', bytes: 1, mtimeMs: 1, fileHash: 'f', textHash: 't', extractor: 'text' },
  ...{ state: 'indexed', code: '', message: '', at: '2026-01-01T00:00:00.000Z' },
};
const read = (chunks: number): ReadDocument => ({
  document,
  chunks: Array.from({ length: chunks }, (_, n) => ({
    ...{ hash: `${n}`, heading: '', text: 'x', start: n, end: n + 1 },
  })),
});

/** How many chunks of how many documents were put at a time. */
function rig() {
  const puts: string[] = [];
  const put = async (_: string, documents: readonly ReadDocument[]) => {
    const chunks = documents.flatMap((each) => each.chunks ?? []).length;
    puts.push(`${chunks} of ${documents.length}`);
    return chunks;
  };
  return { puts, batch: new PutBatch({ put } as unknown as DocumentIndex, 'manuals') };
}

describe('documents on their way into an index', () => {
  it('go together where they are small', async () => {
    const { puts, batch } = rig();
    for (let n = 0; n < 25; n += 1) await batch.add(read(10));
    await batch.flush();
    await batch.flush();
    expect(puts).toEqual(['150 of 15', '100 of 10']);
    expect(batch.newChunks).toBe(250);
  });

  it('go alone where they are large, and wait for none that is larger than the room', async () => {
    const { puts, batch } = rig();
    await batch.add(read(10));
    await batch.add(read(700));
    await batch.add(read(10));
    await batch.flush();
    expect(puts).toEqual(['10 of 1', '700 of 1', '10 of 1']);
  });

  it('go a hundred at once where nothing but their facts is new', async () => {
    const { puts, batch } = rig();
    for (let n = 0; n < 100; n += 1) await batch.add({ document });
    expect(puts).toEqual(['0 of 100']);
  });

  it('do not wait for slow ones: their writer shows a sign of life in time', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { puts, batch } = rig();
    await batch.add(read(1));
    vi.advanceTimersByTime(6_000);
    await batch.add(read(1));
    expect(puts).toEqual(['2 of 2']);
  });
});
