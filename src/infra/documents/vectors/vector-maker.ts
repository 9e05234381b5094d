import { Failure } from '../../../streams/failure.ts';
import { type Embedded, type Embedder, type VectorRequest, vectorRequestOf } from './embedder.ts';
import type { Int8Vector, Unembedded, VectorIndex, VectorSpace, WantedSpace } from './vector-index.ts';

/** A text that the server refuses is tried so often in half. */
const MOST_HALVINGS = 3;
const NONE: Int8Vector = new Int8Array();

/** What a model is shown of a chunk. */
type Shown = Readonly<{ hash: string; text: string }>;

export type MadeVectors = Readonly<{
  /** Chunks that have a vector now and had none. */
  made: number;
  /** Of which the server wanted no part: they are found by their words. */
  refused: number;
  tokens: number;
  costUsd: number | null;
}>;

/**
 * Makes vectors of chunks, and keeps the vectors of each answer in the turn of the event loop in which it comes, before anything else is
 * asked: an index on SQLite has them by then.
 */
export class VectorMaker {
  readonly #index: VectorIndex;
  readonly #embedder: Pick<Embedder, 'embed'>;
  readonly #wanted: WantedSpace;
  /** Refused before anybody knew how long a vector is. */
  readonly #refused = new Map<string, Int8Vector>();
  #dimensions: number | undefined;
  #sums: MadeVectors = { made: 0, refused: 0, tokens: 0, costUsd: 0 };

  constructor(index: VectorIndex, embedder: Pick<Embedder, 'embed'>, wanted: WantedSpace) {
    this.#index = index;
    this.#embedder = embedder;
    this.#wanted = wanted;
    this.#dimensions = wanted.dimensions;
  }

  /** `undefined` until the first vector has told how long they are. */
  get space(): VectorSpace | undefined {
    const dimensions = this.#dimensions;
    return dimensions === undefined ? undefined : { ...this.#wanted, dimensions };
  }

  get sums(): MadeVectors {
    return this.#sums;
  }

  /** Rejects with Failures: what was made until then is kept. */
  async make(chunks: readonly Unembedded[]): Promise<void> {
    await this.#make(chunks.map(shown), MOST_HALVINGS);
  }

  /** A batch that is refused is sent text by text, and a text that is refused in half: most often it is too long for the model. */
  async #make(texts: readonly Shown[], halvings: number): Promise<void> {
    const answer = await this.#answered(texts.map(({ text }) => text));
    if (answer !== undefined) return this.#keep(texts, answer);
    const [first] = texts;
    if (first === undefined || texts.length > 1) {
      for (const each of texts) await this.#make([each], halvings);
    } else if (halvings === 0) {
      await this.#keep(texts, { vectors: [NONE], tokens: 0, costUsd: 0 });
    } else {
      const half = first.text.slice(0, Math.ceil(first.text.length / 2)).toWellFormed();
      await this.#make([{ ...first, text: half }], halvings - 1);
    }
  }

  /** `undefined` where the server refuses what it was sent. */
  async #answered(texts: readonly string[]): Promise<Embedded | undefined> {
    const { space } = this;
    const asked: VectorRequest = space === undefined ? { model: this.#wanted.model } : vectorRequestOf(space);
    try {
      return await this.#embedder.embed(texts, asked);
    } catch (error) {
      if (error instanceof Failure && error.kind === 'poison') return undefined;
      throw error;
    }
  }

  async #keep(texts: readonly Shown[], { vectors, tokens, costUsd }: Embedded): Promise<void> {
    const refused = vectors.filter(({ length }) => length === 0).length;
    const sums = this.#sums;
    this.#sums = {
      made: sums.made + vectors.length - refused,
      refused: sums.refused + refused,
      tokens: sums.tokens + tokens,
      costUsd: sums.costUsd === null || costUsd === null ? null : sums.costUsd + costUsd,
    };
    const brought = texts.map(({ hash }, at): [string, Int8Vector] => [hash, vectors[at] ?? NONE]);
    this.#dimensions ??= vectors.find(({ length }) => length > 0)?.length;
    const { space } = this;
    if (space === undefined) {
      for (const [hash, vector] of brought) this.#refused.set(hash, vector);
      return;
    }
    const kept = new Map([...this.#refused, ...brought]);
    this.#refused.clear();
    await this.#index.putVectors(space, kept);
  }
}

/** Where it stands, and its text. */
function shown({ hash, heading, text }: Unembedded): Shown {
  return { hash, text: heading === '' ? text : `${heading}\n\n${text}` };
}
