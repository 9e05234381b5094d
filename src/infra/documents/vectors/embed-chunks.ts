import { Failure } from '../../../streams/failure.ts';
import { type Embedded, type Embedder, type VectorRequest, vectorRequestOf } from './embedder.ts';
import type { Int8Vector, Unembedded, VectorIndex, VectorSpace } from './vector-index.ts';

/** So many texts are sent at once. */
const BATCH = 64;
/** A text that the server refuses is tried so often in half. */
const MOST_HALVINGS = 3;

export type MadeVectors = Readonly<{
  /** Chunks that have a vector now and had none. */
  made: number;
  /** Of which the server wanted no part: they are found by their words. */
  refused: number;
  tokens: number;
  costUsd: number | null;
}>;

/**
 * Makes the vectors that chunks of the index have none of yet, and keeps each batch as soon as it is there: whoever is killed has to make
 * those again that were on their way. Once all have one, they answer in place of older ones. Rejects with Failures; what was made stands.
 *
 * @param atOnce batches on their way at once.
 */
export async function embedChunks(
  index: VectorIndex,
  embedder: Pick<Embedder, 'embed'>,
  wanted: Omit<VectorSpace, 'dimensions'> & Readonly<{ dimensions: number | undefined }>,
  { atOnce = 4 }: Readonly<{ atOnce?: number }> = {},
): Promise<MadeVectors> {
  const sums = { made: 0, refused: 0, tokens: 0, costUsd: 0 as number | null };
  const count = ({ vectors, tokens, costUsd }: Embedded) => {
    sums.refused += vectors.filter(({ length }) => length === 0).length;
    sums.made += vectors.filter(({ length }) => length > 0).length;
    sums.tokens += tokens;
    sums.costUsd = costUsd === null || sums.costUsd === null ? null : sums.costUsd + costUsd;
  };
  const embed = async (chunks: readonly Unembedded[], asked: VectorRequest) => {
    const embedded = await vectorsOf(embedder, chunks.map(textOf), asked);
    count(embedded);
    return new Map(chunks.map(({ hash }, at): [string, Int8Vector] => [hash, embedded.vectors[at] ?? NONE]));
  };
  let { dimensions } = wanted;
  let after = '';
  if (dimensions === undefined) {
    // How long they are is known with the first: nothing is asked for but to be kept.
    const first = await index.without({ ...wanted, dimensions: 0 }, BATCH, '');
    if (first.length === 0) return sums;
    const vectors = await embed(first, { model: wanted.model });
    dimensions = [...vectors.values()].find(({ length }) => length > 0)?.length;
    if (dimensions === undefined) throw refusesAll(wanted.address);
    await index.putVectors({ ...wanted, dimensions }, vectors);
    after = first.at(-1)?.hash ?? '';
  }
  const space: VectorSpace = { ...wanted, dimensions };
  for (;;) {
    const chunks = await index.without(space, BATCH * atOnce, after);
    if (chunks.length === 0) break;
    after = chunks.at(-1)?.hash ?? '';
    const batches = Array.from({ length: Math.ceil(chunks.length / BATCH) }, (_, n) =>
      chunks.slice(n * BATCH, (n + 1) * BATCH),
    );
    // One that fails does not keep the others, which are paid for, from being kept.
    const ended = await Promise.allSettled(
      batches.map(async (batch) => index.putVectors(space, await embed(batch, vectorRequestOf(space)))),
    );
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
  }
  await index.answerBy(space);
  return sums;
}

const NONE: Int8Vector = new Int8Array();

/** What a model is shown of a chunk: where it stands, and its text. */
function textOf({ heading, text }: Unembedded): string {
  return heading === '' ? text : `${heading}\n\n${text}`;
}

/** A batch that is refused is sent text by text, and a text that is refused in half: most often it is too long for the model. */
async function vectorsOf(
  embedder: Pick<Embedder, 'embed'>,
  texts: readonly string[],
  asked: VectorRequest,
): Promise<Embedded> {
  try {
    return await embedder.embed(texts, asked);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'poison') throw error;
    if (texts.length > 1) return joined(await inTurn(texts, (text) => vectorsOf(embedder, [text], asked)));
    return shortened(embedder, texts[0] ?? '', asked, MOST_HALVINGS);
  }
}

async function shortened(
  embedder: Pick<Embedder, 'embed'>,
  text: string,
  asked: VectorRequest,
  left: number,
): Promise<Embedded> {
  if (left === 0) return { vectors: [NONE], tokens: 0, costUsd: 0 };
  const half = text.slice(0, Math.ceil(text.length / 2)).toWellFormed();
  try {
    return await embedder.embed([half], asked);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'poison') throw error;
    return shortened(embedder, half, asked, left - 1);
  }
}

async function inTurn<T>(texts: readonly string[], act: (text: string) => Promise<T>): Promise<readonly T[]> {
  const made: T[] = [];
  for (const text of texts) made.push(await act(text));
  return made;
}

function joined(parts: readonly Embedded[]): Embedded {
  return {
    vectors: parts.flatMap(({ vectors }) => vectors),
    tokens: parts.reduce((sum, { tokens }) => sum + tokens, 0),
    costUsd: parts.reduce<number | null>(
      (sum, { costUsd }) => (sum === null || costUsd === null ? null : sum + costUsd),
      0,
    ),
  };
}

function refusesAll(address: string): Failure {
  return new Failure(
    'fatal',
    'no_vectors',
    `The server at ${address} refused every text that it was sent to embed. Is the model one that makes embeddings?`,
  );
}
