import type { InputEntry } from '../input-entry.ts';
import type { TextEntry } from '../text-of.ts';

/**
 * Reads one entry of a format, given in the order of the input; `undefined` if there is nothing to read in it (a
 * blank line, a CSV header). Only a problem of the whole input is thrown, as a fatal Failure.
 */
export type EntryReader = (entry: TextEntry) => InputEntry | undefined;
