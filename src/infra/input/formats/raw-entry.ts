/**
 * One entry cut out of a byte stream, not yet understood. `line` is where it starts, counted from 1; `label` names
 * it where the line is not enough (`entry 17` of a JSON array), else it is empty.
 *
 * - `whole`: all its bytes are here.
 * - `broken`: it could not be cut out; `head` is its beginning.
 */
export type RawEntry =
  | Readonly<{ kind: 'whole'; line: number; label: string; bytes: Uint8Array }>
  | Readonly<{ kind: 'broken'; line: number; label: string; head: Uint8Array; reason: string }>;

/**
 * Cuts a byte stream into entries, in order, whatever the chunks. What it holds between two chunks is bounded. The
 * iterable of one call must be used up before the next call.
 */
export type EntrySplitter = Readonly<{
  push(chunk: Uint8Array): Iterable<RawEntry>;
  /** The entries that the end of the input completes. */
  end(): Iterable<RawEntry>;
}>;
