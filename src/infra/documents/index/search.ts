import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { FoundPiece, ReadStretch, Stretch } from '../../../stages/evidence/finder.ts';
import { KeptCounts } from '../text/kept-counts.ts';
import { rarestOf } from '../text/rare-words.ts';
import { MOST_READ, withinStretch } from '../text/within-stretch.ts';
import { queryWords } from '../text/words.ts';
import { JOINED, reciprocalRankFusion } from '../vectors/reciprocal-rank-fusion.ts';
import type { WantedByVector } from '../vectors/vector-index.ts';
import { chunkInPlaceSchema, foundPiece } from './found-piece.ts';
import { nearestChunks } from './nearest-chunks.ts';
import { prepared } from './prepared.ts';

/** A search of the index, by words and, where it is given one, by a vector as well. */
export function searchIndex(db: DatabaseSync, wanted: WantedByVector): readonly FoundPiece[] {
  const { limit, sources, vector } = wanted;
  const most = vector === undefined ? limit : Math.max(limit, JOINED);
  const byWords = chunksByWords(db, wanted, most);
  const chunks =
    vector === undefined
      ? byWords
      : reciprocalRankFusion([byWords, nearestChunks(db, vector, sources, most)]).slice(0, limit);
  if (chunks.length === 0) return [];
  const rows = prepared(db, PLACED).all(JSON.stringify(chunks), JSON.stringify(sources ?? null));
  return rows.map((row) => foundPiece(chunkInPlaceSchema.parse(row)));
}

const OF_SOURCES = `JOIN documents d ON d.id = p.document JOIN sources s ON s.id = d.source
    WHERE s.name IN (SELECT value FROM json_each(?)) AND`;

/** Each word is quoted: no text of a question is syntax. */
function chunksByWords(
  db: DatabaseSync,
  { text, sources }: WantedByVector,
  limit: number,
): readonly number[] {
  const words = rarest(db, queryWords(text));
  if (words.length === 0) return [];
  const query = words.map((word) => `"${word}"`).join(' OR ');
  // A chunk of a document that is being written has no place yet. Asked of each that is found: for a list of chunks SQLite would search
  // the words once for each of them.
  const among = `EXISTS (SELECT 1 FROM places p ${sources === undefined ? 'WHERE' : OF_SOURCES} p.chunk = chunk_index.rowid)`;
  const sql = `SELECT chunk FROM (SELECT rowid AS chunk, rank AS score FROM chunk_index
    WHERE chunk_index MATCH ? AND ${among} ORDER BY rank LIMIT ?) ORDER BY score, chunk`;
  const named = sources === undefined ? [] : [JSON.stringify(sources)];
  return prepared(db, sql)
    .all(query, ...named, limit)
    .map(({ chunk }) => Number(chunk));
}

/** What a piece is made of. */
const SHOWN = `c.hash AS contentHash, c.heading, c.text, s.name AS source, s.license, d.path, d.title, d.at, p.start, p."end", p.page, p.row,
p.line, p.to_line AS toLine`;

/** One place of each chunk, in their order: the first of those that are searched. */
const PLACED = `
WITH wanted AS (SELECT id FROM sources WHERE ?2 = 'null' OR name IN (SELECT value FROM json_each(?2)))
SELECT ${SHOWN}
FROM json_each(?1) found JOIN chunks c ON c.id = found.value
JOIN places p ON p.chunk = c.id AND (p.document, p.n) = (
  SELECT o.document, o.n FROM places o JOIN documents od ON od.id = o.document JOIN wanted w ON w.id = od.source
  WHERE o.chunk = c.id ORDER BY o.document, o.n LIMIT 1)
JOIN documents d ON d.id = p.document JOIN sources s ON s.id = d.source
ORDER BY found.key`;

const READ = `
SELECT ${SHOWN}
FROM sources s JOIN documents d ON d.source = s.id JOIN places p ON p.document = d.id JOIN chunks c ON c.id = p.chunk
WHERE s.name = ? AND d.path = ? AND p."end" > ? ORDER BY p.n LIMIT ${MOST_READ}`;
const LENGTH = `
SELECT max(p."end") AS length FROM sources s JOIN documents d ON d.source = s.id JOIN places p ON p.document = d.id
WHERE s.name = ? AND d.path = ?`;

/** A stretch of a document as its chunks; `undefined` where there is no such document. */
export function readIndex(db: DatabaseSync, stretch: Stretch): ReadStretch | undefined {
  const { source, path, from } = stretch;
  const { length } = lengthSchema.parse(prepared(db, LENGTH).get(source, path));
  if (length === null) return undefined;
  const pieces = prepared(db, READ)
    .all(source, path, from)
    .map((row) => foundPiece(chunkInPlaceSchema.parse(row)));
  return { pieces: withinStretch(stretch, pieces), length };
}

const lengthSchema = z.object({ length: z.number().nullable() });

const countsOf = new WeakMap<DatabaseSync, KeptCounts>();

function rarest(db: DatabaseSync, words: readonly string[]): readonly string[] {
  const kept = countsOf.get(db) ?? new KeptCounts();
  countsOf.set(db, kept);
  const counted = prepared(db, 'SELECT doc FROM chunk_words WHERE term = ?');
  const counts = words.map((word) => {
    const count = kept.of(word) ?? Number(counted.get(word)?.['doc'] ?? 0);
    kept.keep(word, count);
    return { word, count };
  });
  return rarestOf(counts).map(({ word }) => word);
}
