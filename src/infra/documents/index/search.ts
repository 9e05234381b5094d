import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { FoundPiece, ReadStretch, Stretch, Wanted } from '../../../stages/evidence/finder.ts';
import { KeptCounts } from '../text/kept-counts.ts';
import { rarestOf } from '../text/rarest.ts';
import { withinStretch } from '../text/within-stretch.ts';
import { queryWords } from '../text/words.ts';

const rowSchema = z.object({
  hash: z.string(),
  heading: z.string(),
  text: z.string(),
  name: z.string(),
  license: z.string(),
  path: z.string(),
  title: z.string(),
  at: z.string(),
  start: z.number(),
  end: z.number(),
  page: z.number().nullable(),
  row: z.number().nullable(),
  line: z.number().nullable(),
  to_line: z.number().nullable(),
});
type Row = z.output<typeof rowSchema>;

/** A search of the index. Each word is quoted: no text of a question is syntax. */
export function searchIndex(db: DatabaseSync, { text, limit, sources }: Wanted): readonly FoundPiece[] {
  const words = rarest(db, queryWords(text));
  if (words.length === 0) return [];
  const query = words.map((word) => `"${word}"`).join(' OR ');
  const rows = db
    .prepare(searchSql(sources !== undefined))
    .all(query, JSON.stringify(sources ?? null), limit);
  return rows.map((row) => pieceOf(rowSchema.parse(row)));
}

/** One place of each chunk: the first of those that are searched. A chunk of a document that is being written has none yet. */
function searchSql(named: boolean): string {
  const among = named
    ? `AND rowid IN (SELECT p.chunk FROM wanted JOIN documents d ON d.source = wanted.id JOIN places p ON p.document = d.id)`
    : 'AND EXISTS (SELECT 1 FROM places WHERE chunk = chunk_index.rowid)';
  return `
WITH wanted AS (SELECT id, name, license FROM sources WHERE ?2 = 'null' OR name IN (SELECT value FROM json_each(?2))),
found AS (SELECT rowid AS chunk, rank AS score FROM chunk_index WHERE chunk_index MATCH ?1 ${among}
  ORDER BY rank LIMIT ?3)
SELECT c.hash, c.heading, c.text, s.name, s.license, d.path, d.title, d.at, p.start, p."end", p.page, p.row, p.line, p.to_line
FROM found JOIN chunks c ON c.id = found.chunk
JOIN places p ON p.chunk = c.id AND (p.document, p.n) = (
  SELECT o.document, o.n FROM places o JOIN documents od ON od.id = o.document JOIN wanted w ON w.id = od.source
  WHERE o.chunk = c.id ORDER BY o.document, o.n LIMIT 1)
JOIN documents d ON d.id = p.document JOIN sources s ON s.id = d.source
ORDER BY found.score, c.id`;
}

/** So many chunks hold more characters than anybody wants at once. */
const MOST_READ = 50;

const READ = `
SELECT c.hash, c.heading, c.text, s.name, s.license, d.path, d.title, d.at, p.start, p."end", p.page, p.row, p.line, p.to_line
FROM sources s JOIN documents d ON d.source = s.id JOIN places p ON p.document = d.id JOIN chunks c ON c.id = p.chunk
WHERE s.name = ? AND d.path = ? AND p."end" > ? ORDER BY p.n LIMIT ${MOST_READ}`;
const LENGTH = `
SELECT max(p."end") AS length FROM sources s JOIN documents d ON d.source = s.id JOIN places p ON p.document = d.id
WHERE s.name = ? AND d.path = ?`;

/** A stretch of a document as its chunks; `undefined` where there is no such document. */
export function readIndex(db: DatabaseSync, stretch: Stretch): ReadStretch | undefined {
  const { source, path, from } = stretch;
  const { length } = lengthSchema.parse(db.prepare(LENGTH).get(source, path));
  if (length === null) return undefined;
  const pieces = db
    .prepare(READ)
    .all(source, path, from)
    .map((row) => pieceOf(rowSchema.parse(row)));
  return { pieces: withinStretch(stretch, pieces), length };
}

const lengthSchema = z.object({ length: z.number().nullable() });

const countsOf = new WeakMap<DatabaseSync, KeptCounts>();

function rarest(db: DatabaseSync, words: readonly string[]): readonly string[] {
  const kept = countsOf.get(db) ?? new KeptCounts();
  countsOf.set(db, kept);
  const counted = db.prepare('SELECT doc FROM chunk_words WHERE term = ?');
  const counts = words.map((word) => {
    const count = kept.of(word) ?? Number(counted.get(word)?.['doc'] ?? 0);
    kept.keep(word, count);
    return { word, count };
  });
  return rarestOf(counts).map(({ word }) => word);
}

function pieceOf(row: Row): FoundPiece {
  const {
    name,
    path,
    title,
    text,
    hash,
    start,
    end,
    at,
    license,
    heading,
    line,
    to_line,
    page,
    row: tableRow,
  } = row;
  const locator = {
    ...(page === null ? {} : { page }),
    ...(tableRow === null ? {} : { row: tableRow }),
    ...(line === null ? {} : { line }),
    ...(to_line === null ? {} : { toLine: to_line }),
    ...(heading === '' ? {} : { heading }),
  };
  return {
    kind: 'document',
    source: `documents:${name}/${path}`,
    ...{ title, path, text, start, end, contentHash: hash, at, locator },
    ...(license === '' ? {} : { license }),
  };
}
