import type { DatabaseSync } from 'node:sqlite';
import { unpackText } from '../stored/packed-text.ts';

/**
 * Gives SQL on this connection a function `unpacked(bytes)`: the text that a column `packed` holds, null where it holds
 * none. What a row says is then `coalesce(unpacked(packed), value)`, whoever wrote it and when.
 */
export function defineUnpacked(db: DatabaseSync): void {
  db.function('unpacked', { deterministic: true }, (value) =>
    value instanceof Uint8Array ? unpackText(value) : null,
  );
}
