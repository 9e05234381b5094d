import { z } from 'zod';

const count = z.int().nonnegative();

export const sourcesSchema = z.object({
  sources: z
    .array(
      z.object({
        name: z.string(),
        license: z.string().describe('Empty where nobody named one.'),
        documents: count.describe('That can be searched.'),
        refused: count.describe('Files that could not be read.'),
        chunks: count.describe('Pieces of text, each once.'),
        addedAt: z.string(),
      }),
    )
    .readonly(),
});
export type SourceList = Readonly<z.output<typeof sourcesSchema>>;

const MAX_WORDS = 2_000;
const MAX_PIECES = 50;

export const searchQuerySchema = z.object({
  q: z.string().min(1).max(MAX_WORDS).describe('A question, or words of it.'),
  source: z.string().max(500).optional().describe('Names of sources, with commas between them.'),
  limit: z.coerce.number().int().min(1).max(MAX_PIECES).default(10),
});

export const piecesSchema = z.object({
  pieces: z
    .array(
      z.object({
        source: z.string().describe('Such as `documents:manuals/oil.md`.'),
        title: z.string(),
        place: z.string().describe('For people: `oil.md, line 3, Engine > Oil`.'),
        text: z.string(),
        license: z.string().optional(),
        contentHash: z.string().describe('Names the text by its content.'),
      }),
    )
    .readonly(),
});
export type FoundPieces = Readonly<z.output<typeof piecesSchema>>;
