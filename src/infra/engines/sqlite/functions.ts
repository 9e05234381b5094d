import type { DatabaseSync } from 'node:sqlite';
import { unpackText } from '../stored/packed-text.ts';

/**
 * Gives SQL on this connection `unpacked(bytes)`, the text that a column `packed` holds, null where it holds none: what a row
 * says is then `coalesce(unpacked(packed), value)`, no matter when and by which version it was written. And `now_ms()`, the time of this machine.
 */
export function defineFunctions(db: DatabaseSync): void {
  db.function('unpacked', { deterministic: true }, (value) =>
    value instanceof Uint8Array ? unpackText(value) : null,
  );
  db.function('now_ms', () => Date.now());
}
