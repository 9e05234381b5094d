import { z } from 'zod';
import type { FoundPiece, ReadStretch, Stretch, Wanted } from '../../../../stages/evidence/finder.ts';
import { Failure } from '../../../../streams/failure.ts';
import type { Finder } from '../document-index.ts';
import { chunkInPlaceSchema, foundPiece } from '../found-piece.ts';
import type { BroughtIndex } from './index-provider.ts';
import { asked } from './open-plugin-index.ts';

const place = z.number().int().nonnegative();
const hitSchema = z.object({
  document: chunkInPlaceSchema.pick({ source: true, path: true, title: true, license: true, at: true }),
  chunk: z.object({
    hash: z.string(),
    heading: z.string(),
    text: z.string(),
    start: place,
    end: place,
    page: place.optional(),
    row: place.optional(),
    line: place.optional(),
    toLine: place.optional(),
  }),
});

/** Searches in the index of a plugin, and reads on in ours. */
export class PluginFinder implements Finder {
  readonly #brought: BroughtIndex;
  readonly #ours: Finder;
  readonly #name: string;

  constructor(brought: BroughtIndex, ours: Finder, name: string) {
    this.#brought = brought;
    this.#ours = ours;
    this.#name = name;
  }

  async find({ text, limit, sources }: Wanted): Promise<readonly FoundPiece[]> {
    const name = this.#name;
    const found = await asked(name, () => this.#brought.search({ text, limit, sources }));
    const { data, error } = z.array(hitSchema).safeParse(found);
    if (data === undefined)
      throw new Failure(
        'fatal',
        'bad_index',
        `The index ${name} gave something else than it was given:\n${z.prettifyError(error)}`,
      );
    return data
      .slice(0, limit)
      .map(({ document, chunk: { hash, ...chunk } }) =>
        foundPiece({ ...document, ...chunk, contentHash: hash }),
      );
  }

  async read(stretch: Stretch): Promise<ReadStretch | undefined> {
    return this.#ours.read?.(stretch);
  }

  /** Nobody has to make a vector of a query for it. */
  async spaces(): Promise<readonly []> {
    return [];
  }

  async close(): Promise<void> {
    await this.#brought.close?.();
    await this.#ours.close();
  }
}
