/** A stretch of a document that is not cut unless it must be: a paragraph, a list, a table, code. */
export type Block = Readonly<{
  /** In the text of the document, in UTF-16 units; the end is not included. */
  start: number;
  end: number;
  /** Of a heading: 1 is the highest. Absent: no heading. */
  level?: number;
}>;

/** What an extractor makes of a file: one text, and where its blocks stand. */
export type ExtractedText = Readonly<{
  title: string;
  text: string;
  blocks: readonly Block[];
  /** Its lines are those of the file. */
  hasLines?: true;
  /** Of a table: where the text of each row begins, and its number. */
  rows?: Readonly<{ begins: readonly number[]; numbers: readonly number[] }>;
  /** Where each page begins, in order; absent where there are none. */
  pages?: readonly number[];
  /** Of a page of the web: where it leads, as whole URLs. */
  links?: readonly string[];
}>;
