import { z } from 'zod';
import type { FoundPiece, PieceFinder } from '../../../stages/evidence/finder.ts';
import { urlsIn } from '../../../stages/tools/page-urls.ts';
import type { Tool } from '../../../stages/tools/tool.ts';
import { argumentsSchema } from '../arguments-schema.ts';
import { documentIdOf, sourceOfId } from './document-id.ts';

const MOST_HITS = 10;
const USUAL_HITS = 5;
/** So many hits are looked through for those of one document. */
const MOST_LOOKED_THROUGH = 200;

const argsSchema = z.object({
  query: z.string().min(1).max(1_000).describe('Two to eight words that a passage on it would hold.'),
  document: z
    .string()
    .optional()
    .describe('Search in this document alone, by its id from an earlier result.'),
  limit: z.number().int().min(1).max(MOST_HITS).optional().describe('How many passages; 5 if left out.'),
});

/** The tool `search_documents`: passages of the documents that the user has added. It is free, and nothing of it is kept. */
export function searchDocuments(finder: PieceFinder): Tool {
  return {
    name: 'search_documents',
    version: '1',
    description:
      "Searches the user's documents by words and gives the passages that share most of them. Ask with a few telling words, and again with others where nothing fits.",
    parameters: argumentsSchema(argsSchema),
    reach: 'local',
    timeoutMs: 5_000,
    price: 0,
    run: async (args, { sources }) => {
      const { query, document, limit = USUAL_HITS } = argsSchema.parse(args);
      const named = document === undefined ? sources : sourcesFor(document, sources);
      const most = document === undefined ? limit : MOST_LOOKED_THROUGH;
      const cost = { costUsd: 0, tokens: 0 };
      const onCost = (usd: number, tokens: number) => {
        cost.costUsd += usd;
        cost.tokens += tokens;
      };
      const found = await finder.find({ text: query, limit: most, sources: named, onCost });
      const meant = found.filter((piece) => document === undefined || documentIdOf(piece) === document);
      const pieces = meant.slice(0, limit);
      if (pieces.length === 0) return { text: 'No passage has these words: try others.', ...cost };
      return { pieces, text: placesText(pieces), urls: urlsOf(pieces), ...cost };
    },
  };
}

/** Of the sources that may be searched, that of the document. */
function sourcesFor(document: string, sources: readonly string[] | undefined): readonly string[] {
  const source = sourceOfId(document);
  return sources === undefined || sources.includes(source) ? [source] : [];
}

/** Where each passage stands, for whoever wants to read on. */
function placesText(pieces: readonly FoundPiece[]): string {
  const lines = pieces.map((piece) => `- document ${JSON.stringify(documentIdOf(piece))}, at ${piece.start}`);
  return `In this order they are of:\n${lines.join('\n')}`;
}

/** What pages the passages name: a later look-up may open them. */
export function urlsOf(pieces: readonly FoundPiece[]): readonly string[] {
  return [...urlsIn(pieces.map(({ text }) => text).join('\n'))];
}
