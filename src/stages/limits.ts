/** The largest record of a topic, in bytes: no more is published, and no more is decoded. */
export const MAX_RECORD_BYTES = 8 * 1_024 * 1_024;

/** The longest line, CSV row or JSON entry that is read as a question, in bytes, at every door. */
export const MAX_ENTRY_BYTES = 4 * 1_024 * 1_024;

/** How deep objects and arrays may be nested in what a stranger sends: whoever writes it out again may do so recursively. */
export const MAX_NESTING = 32;
