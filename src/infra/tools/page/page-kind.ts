import type { Extractor } from '../../documents/extract/extractor.ts';
import { extractorOfContent } from '../../documents/extract/extractor-slot.ts';
import { refusedForGood } from '../refused-for-good.ts';

/** What reads a page: one of ours, or an extractor that a plugin brought. */
export type PageKind = 'page' | 'pdf' | 'text' | Extractor;

const HTML: ReadonlySet<string> = new Set(['text/html', 'application/xhtml+xml']);
const PDF: ReadonlySet<string> = new Set(['application/pdf', 'application/x-pdf']);
/** Said by servers that do not know: the bytes decide. */
const UNKNOWN: ReadonlySet<string> = new Set(['', 'application/octet-stream', 'binary/octet-stream']);
const TEXT = /^(?:text\/(?!css|javascript)[\w.+-]+|application\/(?:json|xml|[\w.-]+\+(?:json|xml)))$/;
const LOOKED_AT_BYTES = 1_024;

/** What a content type may be. Throws a Failure of kind `content` (`wrong_type`) for what nobody reads: no byte of it is fetched. */
export function mayBe(type: string): PageKind | 'unknown' {
  const brought = extractorOfContent(type);
  if (brought !== undefined) return brought;
  if (HTML.has(type)) return 'page';
  if (PDF.has(type)) return 'pdf';
  if (UNKNOWN.has(type)) return 'unknown';
  if (TEXT.test(type)) return 'text';
  throw wrongType(type);
}

/** What a page is, by what its server says and its first bytes. Throws as `mayBe` where the two do not agree. */
export function pageKind(type: string, bytes: Uint8Array): PageKind {
  const said = mayBe(type);
  if (typeof said === 'object') return said;
  const head = Buffer.from(bytes.subarray(0, LOOKED_AT_BYTES)).toString('latin1');
  if (head.startsWith('%PDF-')) return 'pdf';
  // UTF-16 has zeros, and begins with its mark.
  if (said === 'pdf' || (head.includes('\0') && !/^(?:\xff\xfe|\xfe\xff)/.test(head))) throw wrongType(type);
  if (said !== 'unknown') return said;
  return /^\s*(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i.test(head) ? 'page' : 'text';
}

function wrongType(type: string) {
  const what = type === '' ? 'of no known type' : `of the type ${type.slice(0, 60)}`;
  return refusedForGood('wrong_type', `It is ${what}: pages are HTML, PDF or text.`);
}
