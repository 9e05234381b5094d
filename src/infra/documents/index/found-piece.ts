import type { FoundPiece } from '../../../stages/evidence/finder.ts';

type Place = 'page' | 'row' | 'line' | 'toLine';

/** A chunk at one of its places in a document of a source. */
export type ChunkInPlace = Readonly<
  Record<'source' | 'license' | 'path' | 'title' | 'at' | 'contentHash' | 'heading' | 'text', string> &
    Record<'start' | 'end', number> &
    Partial<Record<Place, number | null | undefined>>
>;

/** The chunk as research is shown it: where it stands as far as that can be told. */
export function foundPiece(chunk: ChunkInPlace): FoundPiece {
  const { source, license, path, title, at, contentHash, heading, text, start, end } = chunk;
  const { page, row, line, toLine } = chunk;
  return {
    kind: 'document',
    source: `documents:${source}/${path}`,
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
