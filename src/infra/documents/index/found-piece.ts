import { z } from 'zod';
import type { FoundPiece } from '../../../stages/evidence/finder.ts';
import { documentSource } from '../../../stages/evidence/source-key.ts';

const place = z.number().nullish();

export const chunkInPlaceSchema = z.object({
  source: z.string(),
  license: z.string(),
  path: z.string(),
  title: z.string(),
  at: z.string(),
  contentHash: z.string(),
  heading: z.string(),
  text: z.string(),
  start: z.number(),
  end: z.number(),
  page: place,
  row: place,
  line: place,
  toLine: place,
});
/** A chunk at one of its places in a document of a source. */
export type ChunkInPlace = Readonly<z.output<typeof chunkInPlaceSchema>>;

/** The chunk as research is shown it: where it stands as far as that can be told. */
export function foundPiece(chunk: ChunkInPlace): FoundPiece {
  const { source, license, path, title, at, contentHash, heading, text, start, end } = chunk;
  const { page, row, line, toLine } = chunk;
  return {
    kind: 'document',
    source: documentSource(source, path),
    ...{ title, path, text, start, end, contentHash, at },
    locator: {
      ...(page == null ? {} : { page }),
      ...(row == null ? {} : { row }),
      ...(line == null ? {} : { line }),
      ...(toLine == null ? {} : { toLine }),
      ...(heading === '' ? {} : { heading }),
    },
    ...(license === '' ? {} : { license }),
  };
}
