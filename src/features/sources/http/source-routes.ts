import type { SourceTally } from '../../../infra/documents/index/document-index.ts';
import { parsed, type Route } from '../../../infra/http/route.ts';
import type { FoundPiece, PieceFinder } from '../../../stages/evidence/finder.ts';
import { placeText } from '../../../stages/evidence/piece.ts';
import {
  type FoundPieces,
  piecesSchema,
  type SourceList,
  searchQuerySchema,
  sourcesSchema,
} from './schemas.ts';

/** What is shown of the documents that answers rest on. */
export type ShownSources = Readonly<{
  tallies(): Promise<readonly SourceTally[]>;
  /** Absent where this process has nothing to search. */
  finder: PieceFinder | undefined;
}>;

/** The sources, and what a question would be shown of them. Where their folders are is nobody's business here. */
export function sourceRoutes({ tallies, finder }: ShownSources): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/sources',
      summary: 'The documents that answers rest on: how much is indexed of each source.',
      replies: { 200: { description: 'All sources, by name.', schema: sourcesSchema } },
      answer: async (): Promise<SourceList> => ({ sources: (await tallies()).map(listed) }),
    },
    {
      method: 'GET',
      path: '/v1/sources/search',
      summary: 'What a question with these words would be shown, the best first.',
      query: searchQuerySchema,
      replies: { 200: { description: 'Pieces of the sources.', schema: piecesSchema } },
      answer: async (request): Promise<FoundPieces> => {
        const { q: text, source, limit } = parsed(searchQuerySchema, request.query, 'query');
        const sources = source?.split(',').map((name) => name.trim());
        const found = (await finder?.find({ text, limit, sources })) ?? [];
        return { pieces: found.map(shown) };
      },
    },
  ];
}

function listed({ name, license, documents, refused, chunks, addedAt }: SourceTally) {
  return { name, license, documents, refused, chunks, addedAt };
}

function shown(piece: FoundPiece) {
  const { source, title, text, license, contentHash } = piece;
  const place = placeText(piece);
  return { source, title, place, text, contentHash, ...(license === undefined ? {} : { license }) };
}
