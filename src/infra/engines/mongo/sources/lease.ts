import { SOURCE_LEASE_MS } from '../../../documents/index/document-index.ts';

/** By the server's clock: writers may be on machines whose clocks differ. */
export function leased() {
  return { $add: ['$$NOW', SOURCE_LEASE_MS] };
}

/** What `writer` has until `writerUntil`, where that is over, or where it is this writer. */
export function freeFor(writer: string) {
  return { $or: [{ writer }, { $expr: { $lt: ['$writerUntil', '$$NOW'] } }] };
}

/** Nobody has it. */
export const FREE = { writer: '', writerUntil: new Date(0) };
