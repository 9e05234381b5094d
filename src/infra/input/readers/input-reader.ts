/** A file to read rows from, as a reader sees it. */
export type InputSource = Readonly<{
  /** For messages. */
  name: string;
  /** In bytes. */
  byteLength: number;
  /** Those bytes of it, fewer at its end. */
  slice(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}>;

/** A row by its fields, with where it stands, counted from 1; or why there is none. */
export type ReadRow =
  | Readonly<{ line: number; row: Readonly<Record<string, unknown>> }>
  | Readonly<{ line: number; bad: string }>;

/**
 * Reads rows of files that are no lines of text, told by their extension. What is wrong with a file as a whole is thrown; it
 * should be a fatal Failure that says what to do.
 */
export type InputReader = Readonly<{
  /** `parquet` */
  name: string;
  /** In lower case, with the dot. */
  extensions: readonly string[];
  /** Yields rows as they are asked for: memory must not grow with the file. */
  read(source: InputSource): AsyncIterable<ReadRow>;
}>;
