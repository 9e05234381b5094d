import { existsSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { parseJson } from '../../../stages/text/json.ts';
import { type JournalMark, NOT_KEPT } from '../../../streams/work/journal.ts';
import { frameOf, framesIn } from '../../journal/frame.ts';
import { Segment } from '../../journal/segment.ts';
import { type Int8Vector, type VectorIndex, type VectorSpace, vectorSpaceSchema } from './vector-index.ts';

const HEAD = `${JSON.stringify({ millrace: 'vectors', v: 1 })}\n`;

const factsSchema = z.object({
  space: vectorSpaceSchema,
  /** Hash and length of each, in the order of the bytes. */
  chunks: z.array(z.tuple([z.string(), z.number()])),
});

/** Vectors that came and are not in the index yet, in a file of the data directory: what was paid for outlives the process. */
export class ArrivedVectors {
  readonly #path: string;
  #file: Segment | undefined;

  /** There must be no file yet. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Puts what a file holds into the index, and takes the file away. Places that are torn are passed over. Rejects as the index does. */
  static async takeUp(path: string, index: Pick<VectorIndex, 'putVectors'>): Promise<void> {
    if (!existsSync(path)) return;
    for (const frame of framesIn(readFileSync(path), 0)) {
      const facts =
        frame.kind === 'whole' ? factsSchema.safeParse(parseJson(frame.facts.toString())).data : undefined;
      if (frame.kind === 'whole' && facts !== undefined)
        await index.putVectors(facts.space, vectorsIn(facts.chunks, frame.body));
    }
    rmSync(path, { force: true });
  }

  /** Writes them before it returns; where the disk takes none, it goes on without. The mark is to be dropped once the index has them. */
  keep(space: VectorSpace, vectors: ReadonlyMap<string, Int8Vector>): JournalMark {
    const chunks = Array.from(vectors, ([hash, { length }]) => [hash, length]);
    const body = Array.from(
      vectors.values(),
      ({ buffer, byteOffset, length }) => new Uint8Array(buffer, byteOffset, length),
    );
    try {
      this.#file ??= new Segment(this.#path, HEAD);
      return this.#file.append(frameOf(JSON.stringify({ space, chunks }), body));
    } catch {
      return NOT_KEPT;
    }
  }

  /** The file stays where the index does not have all of it. */
  close(): void {
    this.#file?.seal();
  }
}

function vectorsIn(chunks: readonly (readonly [string, number])[], bytes: Buffer): Map<string, Int8Vector> {
  let at = 0;
  return new Map(
    chunks.map(([hash, length]) => {
      const vector = Int8Array.from(bytes.subarray(at, at + length));
      at += length;
      return [hash, vector];
    }),
  );
}
