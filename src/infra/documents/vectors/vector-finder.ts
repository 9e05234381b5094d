import { z } from 'zod';
import type {
  FoundPiece,
  PieceFinder,
  ReadStretch,
  Stretch,
  Wanted,
} from '../../../stages/evidence/finder.ts';
import { Failure } from '../../../streams/failure.ts';
import { LookUpCache } from '../../tools/cache/look-up-cache.ts';
import { type Embedder, vectorRequestOf } from './embedder.ts';
import type { QueryVector, SpaceTally, VectorSearch, VectorSpace } from './vector-index.ts';

/** A model is not asked again for the same query. */
const KEPT_DAYS = 7;
/** Which vectors answer may change while they are made anew. */
const LOOK_AGAIN_MS = 10_000;
/** A longer query is cut: models read about so much. */
const MOST_CHARACTERS = 2_400;

const keptSchema = z.object({ vector: z.base64() });

export type VectorFinderDeps = Readonly<{
  search: VectorSearch;
  /** Asks for vectors of a space, wherever it was made. */
  embedderOf(space: VectorSpace): Promise<Pick<Embedder, 'embed'>>;
  kept?: LookUpCache | undefined;
  now?: () => number;
}>;

/**
 * Finds by words, and by what is near in meaning: the query is embedded by the model whose vectors answer. What a server made of a query
 * is kept, so that it is paid for once. Where there are no vectors, or the server refuses the query, words alone count.
 */
export class VectorFinder implements PieceFinder {
  readonly #deps: VectorFinderDeps;
  readonly #kept: LookUpCache;
  #answering: Readonly<{ space: SpaceTally | undefined; untilMs: number }> | undefined;

  constructor(deps: VectorFinderDeps) {
    this.#deps = deps;
    this.#kept = deps.kept ?? new LookUpCache();
  }

  async find(wanted: Wanted): Promise<readonly FoundPiece[]> {
    return this.#deps.search.find({ ...wanted, vector: await this.#vectorOf(wanted) });
  }

  read(stretch: Stretch): Promise<ReadStretch | undefined> {
    const { search } = this.#deps;
    return search.read?.(stretch) ?? Promise.resolve(undefined);
  }

  async #vectorOf({ text, onCost }: Wanted): Promise<QueryVector | undefined> {
    const space = await this.#space();
    const query = text.slice(0, MOST_CHARACTERS).toWellFormed();
    if (space === undefined || query.trim() === '') return undefined;
    const { model, dimensions } = space;
    const of = { tool: 'embeddings', version: '1', args: { model, dimensions, query }, days: KEPT_DAYS };
    try {
      const { value } = await this.#kept.through(of, keptSchema, async () => ({
        value: { vector: await this.#made(query, space, onCost) },
        sources: [],
      }));
      return { space, values: Int8Array.from(Buffer.from(value.vector, 'base64')) };
    } catch (error) {
      if (error instanceof Failure && error.kind === 'poison') return undefined;
      throw error;
    }
  }

  async #made(query: string, space: VectorSpace, onCost: Wanted['onCost']): Promise<string> {
    const embedder = await this.#deps.embedderOf(space);
    const { vectors, costUsd, tokens } = await embedder.embed([query], vectorRequestOf(space));
    onCost?.(costUsd ?? 0, tokens);
    return Buffer.from(vectors[0] ?? new Int8Array()).toString('base64');
  }

  async #space(): Promise<SpaceTally | undefined> {
    const nowMs = (this.#deps.now ?? Date.now)();
    if (this.#answering === undefined || this.#answering.untilMs < nowMs) {
      const [space] = await this.#deps.search.spaces();
      this.#answering = { space, untilMs: nowMs + LOOK_AGAIN_MS };
    }
    return this.#answering.space;
  }
}
