/** What makes texts of files of some kinds. */
export type Extractor = Readonly<{
  name: string;
  /** Another version extracts every file again. */
  version: string;
  /** Endings of the files that are read by it, such as `.srt`. It may take the place of one of ours. */
  types: readonly string[];
  /** Content types of pages of the web that are read by it, such as `application/x-subrip`. Default: none. */
  contentTypes?: readonly string[];
  /**
   * The file of the module whose export `extract` reads them, as in `new URL('./read-subtitles.ts', import.meta.url)`. It is run in a
   * process of its own, which may read this file and the packages beside it, and nothing else; write and start nothing.
   */
  module: URL | string;
}>;

/** What `extract` of the module of an extractor makes of a file: its text, block by block, in order. */
export type ExtractedDocument = Readonly<{
  /** Default: the first heading, or the name of the file. */
  title?: string;
  blocks: readonly Readonly<{
    /** A paragraph, a list, a table: a text that is not cut unless it must be. */
    text: string;
    /** Of a heading: 1 is the highest. */
    level?: number;
    /** Of the file, where it has pages or slides. Counts from 1, and never goes back. */
    page?: number;
  }>[];
}>;

/**
 * The export `extract` of the module of an extractor. What it throws refuses the file, with its message; the rest goes on.
 * @param name of the file, for messages.
 */
export type Extract = (bytes: Uint8Array, name: string) => ExtractedDocument | Promise<ExtractedDocument>;

/** An extractor, for `extractors` of a plugin. Nothing happens until it is registered, and the module is loaded with the first file. */
export function defineExtractor(extractor: Extractor): Extractor {
  return extractor;
}
