import { extname } from 'node:path';
import { Slot } from '../../../stages/registry/slot.ts';
import { EXTENSIONS } from '../formats/input-format.ts';
import type { InputReader } from './input-reader.ts';
import { parquet } from './parquet/reader.ts';

/** Every reader of files that are no text, ours first. */
export const readerSlot = new Slot<InputReader>({ noun: 'reader', faultIn, own: [parquet] });

/** The reader of such files; `undefined` where its extension is that of text, or unknown. */
export function readerOf(path: string): InputReader | undefined {
  const extension = extname(path).toLowerCase();
  return [...readerSlot.parts.values()].find(({ extensions }) => extensions.includes(extension));
}

export function knownExtensions(): readonly string[] {
  return [...EXTENSIONS, ...[...readerSlot.parts.values()].flatMap(({ extensions }) => extensions)];
}

function faultIn(part: unknown): string | undefined {
  const { extensions, read } = { extensions: undefined, read: undefined, ...(part as object) };
  if (typeof read !== 'function') return 'read: expected a function that yields rows';
  const list: readonly unknown[] = Array.isArray(extensions) ? extensions : [];
  const fits =
    list.length > 0 && list.every((each) => typeof each === 'string' && /^\.[a-z0-9]+$/.test(each));
  if (!fits) return 'extensions: expected a list such as [".xlsx"], in lower case';
  const taken = list.find((each) => EXTENSIONS.includes(String(each)));
  return taken === undefined ? undefined : `${String(taken)} is read as text already`;
}
