import type { DatabaseSync } from 'node:sqlite';
import { nearnessTo } from '../vectors/int8-vector.ts';
import type { QueryVector } from '../vectors/vector-index.ts';

/**
 * The chunks whose vectors are nearest, the best first: every vector is looked at. A function of ours inside SQLite does so at 1.2 times
 * the price of an extension, and needs nothing that is built for a platform.
 */
export function nearestChunks(
  db: DatabaseSync,
  { space, values }: QueryVector,
  sources: readonly string[] | undefined,
  limit: number,
): readonly number[] {
  const nearness = nearnessTo(values);
  db.function('nearness', { directOnly: true }, (bytes) =>
    bytes instanceof Uint8Array ? nearness(bytes) : 0,
  );
  const among =
    sources === undefined
      ? "?3 = 'null'"
      : `v.chunk IN (SELECT p.chunk FROM sources s JOIN documents d ON d.source = s.id JOIN places p ON p.document = d.id
         WHERE s.name IN (SELECT value FROM json_each(?3)))`;
  const rows = db
    .prepare(
      `SELECT v.chunk FROM vectors v WHERE v.space = (SELECT id FROM vector_spaces WHERE model = ?1 AND dimensions = ?2)
       AND length(v.embedding) = ?2 AND ${among} ORDER BY nearness(v.embedding) DESC, v.chunk LIMIT ?4`,
    )
    .all(space.model, space.dimensions, JSON.stringify(sources ?? null), limit);
  return rows.map((row) => Number(row['chunk']));
}
