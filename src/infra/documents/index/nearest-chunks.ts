import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { nearnessTo } from '../vectors/int8-vector.ts';
import { TopK } from '../vectors/top-k.ts';
import { likenessTo } from '../vectors/two-bit-code.ts';
import type { QueryVector } from '../vectors/vector-index.ts';
import { CHUNKS_A_ROW } from './vector-codes.ts';

/** So many times as many as are wanted are chosen by their codes, and looked at by their vectors. */
const OVERSAMPLING = 20;

/** As SQL, by the names of the sources as a list in JSON. */
const CHUNKS_OF_SOURCES = `SELECT p.chunk FROM sources s JOIN documents d ON d.source = s.id JOIN places p ON p.document = d.id
 WHERE s.name IN (SELECT value FROM json_each(?))`;
const OF_SPACE = '(SELECT id FROM vector_spaces WHERE model = ?1 AND dimensions = ?2)';

/**
 * The chunks whose vectors are nearest, the best first. Every code is looked at, and the vectors of those that are most alike by it. An
 * index that an older Millrace wrote last has no codes: every vector is looked at.
 */
export function nearestChunks(
  db: DatabaseSync,
  query: QueryVector,
  sources: readonly string[] | undefined,
  limit: number,
): readonly number[] {
  const hasCodes = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'vector_codes'").get() !== undefined;
  if (!hasCodes) return nearestOfAll(db, query, sources, limit);
  return nearestAmong(db, query, mostAlike(db, query, sources, limit * OVERSAMPLING), limit);
}

/** The same by looking at every vector. */
export function nearestOfAll(
  db: DatabaseSync,
  query: QueryVector,
  sources: readonly string[] | undefined,
  limit: number,
): readonly number[] {
  return nearestAmong(db, query, sources && chunksOf(db, sources), limit);
}

const vectorSchema = z.object({ chunk: z.number(), embedding: z.instanceof(Uint8Array) });

/** @param chunks `undefined`: all that have a vector. */
function nearestAmong(
  db: DatabaseSync,
  { space, values }: QueryVector,
  chunks: readonly number[] | undefined,
  limit: number,
): readonly number[] {
  const highest = new TopK(limit);
  const nearness = nearnessTo(values);
  const among = chunks === undefined ? '' : 'AND chunk IN (SELECT value FROM json_each(?3))';
  const rows = db
    .prepare(
      `SELECT chunk, embedding FROM vectors WHERE space = ${OF_SPACE} AND length(embedding) = ?2 ${among} ORDER BY chunk`,
    )
    .iterate(space.model, space.dimensions, ...(chunks === undefined ? [] : [JSON.stringify(chunks)]));
  for (const row of rows) {
    const { chunk, embedding } = vectorSchema.parse(row);
    highest.offer(chunk, nearness(embedding));
  }
  return highest.ids();
}

const rowSchema = z.object({ n: z.number(), codes: z.instanceof(Uint8Array) });

function mostAlike(
  db: DatabaseSync,
  { space, values }: QueryVector,
  sources: readonly string[] | undefined,
  count: number,
): readonly number[] {
  const highest = new TopK(count);
  const wanted = sources && new Set(chunksOf(db, sources));
  const likeness = likenessTo(values);
  const rows = db
    .prepare(`SELECT n, codes FROM vector_codes WHERE space = ${OF_SPACE}`)
    .iterate(space.model, space.dimensions);
  for (const row of rows) {
    const { n, codes } = rowSchema.parse(row);
    for (let place = 0; place < CHUNKS_A_ROW; place += 1) {
      const chunk = n * CHUNKS_A_ROW + place;
      if (wanted?.has(chunk) !== false) highest.offer(chunk, likeness(codes, place));
    }
  }
  return highest.ids();
}

/** As one value: a row for each chunk would take five times as long. */
function chunksOf(db: DatabaseSync, sources: readonly string[]): readonly number[] {
  const all = db.prepare(`SELECT json_group_array(chunk) AS chunks FROM (${CHUNKS_OF_SOURCES})`);
  const { chunks } = z.object({ chunks: z.string() }).parse(all.get(JSON.stringify(sources)));
  return z.array(z.number()).parse(JSON.parse(chunks));
}
