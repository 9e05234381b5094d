import { hash } from 'node:crypto';
import { z } from 'zod';

/** Where in its source a text stands, as far as its kind has such places. Pages, lines and rows count from 1. */
const locatorSchema = z.object({
  page: z.number().int().optional(),
  line: z.number().int().optional(),
  toLine: z.number().int().optional(),
  row: z.number().int().optional(),
  heading: z.string().optional(),
});

const placedSchema = z.object({
  /** As it was shown to the model: `E0` is the question's own context, `E1`, `E2` … what was found. */
  id: z.string(),
  kind: z.enum(['document', 'page', 'tool', 'context']),
  /** Begins with what is forgotten together: `documents:NAME/path`. */
  source: z.string(),
  title: z.string(),
  url: z.string().optional(),
  /** Relative to the source. */
  path: z.string().optional(),
  /** Where it stands in the text of its document, in UTF-16 units; the end is not included. */
  start: z.number().int(),
  end: z.number().int(),
  /** Of the chunk, or of the whole text where there are no chunks. */
  contentHash: z.string(),
  /** When the text was read from its source. */
  at: z.string(),
  license: z.string().optional(),
  locator: locatorSchema.optional(),
});

export const pieceSchema = placedSchema.extend({ text: z.string() });
/** A text that is shown to the model under an id. */
export type Piece = Readonly<z.output<typeof pieceSchema>>;

export const evidenceSchema = placedSchema.extend({
  /** The source's own characters, never the model's. */
  quote: z.string(),
  /** Names the passage that the quote stands in. */
  passageHash: z.string(),
  /** The key points that rest on it, counted from 0. */
  supports: z.array(z.number().int()),
});
/** A quote that was found in a piece. */
export type Evidence = Readonly<z.output<typeof evidenceSchema>>;

/** What a quote stands in, for people and trainers. */
export const passageSchema = z.object({ hash: z.string(), text: z.string() });
export type Passage = Readonly<z.output<typeof passageSchema>>;

/** How much of the question the sources answer, as the model says it. */
export const coverageSchema = z.enum(['full', 'partial', 'none']);

const HASH_LETTERS = 32;

/** Names a text by its content. */
export function contentHashOf(...parts: readonly string[]): string {
  return hash('sha256', parts.join('\u0000')).slice(0, HASH_LETTERS);
}

/** Where a text stands that is a whole of its own. */
export function wholePlace(text: string, at = new Date().toISOString()) {
  return { start: 0, end: text.length, contentHash: contentHashOf(text), at };
}

/** Where a piece or a quote stands, for people: `handbook.pdf, page 3`. */
export function placeText({ title, path, locator = {} }: Pick<Piece, 'title' | 'path' | 'locator'>): string {
  const { page, line, row, heading } = locator;
  const pages = page === undefined ? '' : `page ${page}`;
  const at = pages || (row === undefined ? '' : `row ${row}`) || (line === undefined ? '' : `line ${line}`);
  return [path ?? title, at, heading ?? ''].filter((part) => part !== '').join(', ');
}
