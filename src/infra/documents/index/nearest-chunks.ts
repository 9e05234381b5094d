import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { Highest } from '../vectors/highest.ts';
import { nearnessTo } from '../vectors/int8-vector.ts';
import { likenessTo } from '../vectors/two-bit-code.ts';
import type { QueryVector } from '../vectors/vector-index.ts';
import { CHUNKS_A_ROW } from './vector-codes.ts';

/** So many times as many as are wanted are chosen by their codes, and looked at by their vectors. */
const OVERSAMPLING = 20;

/** Where, as SQL: of parameter 3. */
const IN_SOURCES = `SELECT p.chunk FROM sources s JOIN documents d ON d.source = s.id JOIN places p ON p.document = d.id
 WHERE s.name IN (SELECT value FROM json_each(?3))`;
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
  const likely = mostAlike(db, query, sources, limit * OVERSAMPLING);
  return byVectors(db, query, 'SELECT value FROM json_each(?3)', likely, limit);
}

/** The same by looking at every vector. */
export function nearestOfAll(
  db: DatabaseSync,
  query: QueryVector,
  sources: readonly string[] | undefined,
  limit: number,
): readonly number[] {
  if (sources !== undefined) return byVectors(db, query, IN_SOURCES, sources, limit);
  return byVectors(db, query, `SELECT chunk FROM vectors WHERE space = ${OF_SPACE} AND ?3 = '[]'`, [], limit);
}

/** @param among SQL that selects chunks, by a list as parameter 3. */
function byVectors(
  db: DatabaseSync,
  { space, values }: QueryVector,
  among: string,
  list: readonly (string | number)[],
  limit: number,
): readonly number[] {
  const nearness = nearnessTo(values);
  db.function('nearness', { directOnly: true }, (bytes) =>
    bytes instanceof Uint8Array ? nearness(bytes) : 0,
  );
  const rows = db
    .prepare(
      `SELECT v.chunk FROM vectors v WHERE v.space = ${OF_SPACE} AND length(v.embedding) = ?2 AND v.chunk IN (${among})
       ORDER BY nearness(v.embedding) DESC, v.chunk LIMIT ?4`,
    )
    .all(space.model, space.dimensions, JSON.stringify(list), limit);
  return rows.map((row) => Number(row['chunk']));
}

const rowSchema = z.object({ n: z.number(), codes: z.instanceof(Uint8Array) });

function mostAlike(
  db: DatabaseSync,
  { space, values }: QueryVector,
  sources: readonly string[] | undefined,
  count: number,
): readonly number[] {
  const highest = new Highest(count);
  const isWanted = sources === undefined ? undefined : chunksOf(db, sources);
  const likeness = likenessTo(values);
  const rows = db
    .prepare(`SELECT n, codes FROM vector_codes WHERE space = ${OF_SPACE}`)
    .iterate(space.model, space.dimensions);
  for (const row of rows) {
    const { n, codes } = rowSchema.parse(row);
    for (let place = 0; place < CHUNKS_A_ROW; place += 1) {
      const chunk = n * CHUNKS_A_ROW + place;
      if (isWanted === undefined || isWanted.has(chunk)) highest.offer(chunk, likeness(codes, place));
    }
  }
  return highest.ids();
}

/** As one value: a row for each chunk would take five times as long. */
function chunksOf(db: DatabaseSync, sources: readonly string[]): ReadonlySet<number> {
  const all = db.prepare(`SELECT json_group_array(chunk) AS chunks FROM (${IN_SOURCES})`);
  const { chunks } = z.object({ chunks: z.string() }).parse(all.get(null, null, JSON.stringify(sources)));
  return new Set(z.array(z.number()).parse(JSON.parse(chunks)));
}
