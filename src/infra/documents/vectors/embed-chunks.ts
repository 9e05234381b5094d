import { Failure } from '../../../streams/failure.ts';
import type { Embedder } from './embedder.ts';
import type { VectorIndex, WantedSpace } from './vector-index.ts';
import { type MadeVectors, VectorMaker } from './vector-maker.ts';

/** So many texts are sent at once. */
const BATCH = 64;
/** Batches on their way at once. */
const AT_ONCE = 4;

/**
 * Makes the vectors that chunks of the index have none of yet, and keeps those of each answer as soon as it is there: whoever is killed
 * has to make those again that were on their way. Once all have one, they answer in place of older ones. Rejects with Failures; what was
 * made stands.
 */
export async function embedChunks(
  index: VectorIndex,
  embedder: Pick<Embedder, 'embed'>,
  wanted: WantedSpace,
): Promise<MadeVectors> {
  const maker = new VectorMaker(index, embedder, wanted);
  let after = '';
  for (;;) {
    // How long vectors are is known with the first: until then nothing is asked for beside it.
    const space = maker.space ?? { ...wanted, dimensions: 0 };
    const chunks = await index.without(space, BATCH * (maker.space === undefined ? 1 : AT_ONCE), after);
    if (chunks.length === 0) break;
    after = chunks.at(-1)?.hash ?? '';
    const batches = Array.from({ length: Math.ceil(chunks.length / BATCH) }, (_, n) =>
      chunks.slice(n * BATCH, (n + 1) * BATCH),
    );
    // One that fails does not keep the others, which are paid for, from being kept.
    const ended = await Promise.allSettled(batches.map((batch) => maker.make(batch)));
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
    if (maker.space === undefined) throw refusesAll(wanted.address);
  }
  if (maker.space !== undefined) await index.answerBy(maker.space);
  return maker.sums;
}

function refusesAll(address: string): Failure {
  return new Failure(
    'fatal',
    'no_vectors',
    `The server at ${address} refused every text that it was sent to embed. Is the model one that makes embeddings?`,
  );
}
