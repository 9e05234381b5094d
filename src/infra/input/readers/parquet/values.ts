import type { ParquetParsers } from 'hyparquet';
import { jsonOr, LongNumber } from '../../../../stages/text/parse-exact.ts';

const strict = new TextDecoder('utf-8', { fatal: true });
const lenient = new TextDecoder('utf-8');
/** Where a text is not UTF-8: every door refuses half a character, and with it this row alone. */
const HALF = '\ud800';

/** Texts, dates and times as JSON has them. */
export const parsers: Partial<ParquetParsers> = {
  stringFromBytes: textOf,
  jsonFromBytes: (bytes) => jsonOr(textOf(bytes)),
  dateFromDays: (days) => isoOf(days * 86_400_000)?.slice(0, 10) ?? String(days),
  timestampFromMilliseconds: (millis) => isoOf(Number(millis)) ?? String(millis),
  timestampFromMicroseconds: (micros) => isoOf(Number(micros / 1_000n)) ?? String(micros),
  timestampFromNanoseconds: (nanos) => isoOf(Number(nanos / 1_000_000n)) ?? String(nanos),
};

/**
 * The value as JSON has it: whole numbers that JavaScript would round keep their digits, what is no number is `null`. Lists and structs are
 * changed in their place: they were made for this row.
 */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return wholeNumber(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object' || value === null || value instanceof LongNumber) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) return plainList(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(listOf(value), plainValue);
  return plainStruct(value);
}

function plainList(list: unknown[]): unknown[] {
  for (let at = 0; at < list.length; at += 1) list[at] = plainValue(list[at]);
  return list;
}

function plainStruct(struct: object): object {
  for (const [name, inner] of Object.entries(struct)) {
    const plain = plainValue(inner);
    if (plain !== inner)
      Object.defineProperty(struct, name, { value: plain, enumerable: true, writable: true });
  }
  return struct;
}

function listOf(view: ArrayBufferView): Iterable<unknown> {
  return Symbol.iterator in view ? (view as Iterable<unknown>) : [];
}

function wholeNumber(value: bigint): number | LongNumber {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : new LongNumber(value.toString());
}

function textOf(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return lenient.decode(bytes) + HALF;
  }
}

function isoOf(millis: number): string | undefined {
  const date = new Date(millis);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
