import { getDocumentProxy } from 'unpdf';
import type { ExtractedText } from '../text/block.ts';
import { addPages, type PdfLine, type PdfPageLines } from './pdf-lines.ts';
import { refusal } from './refusal.ts';
import { TextBuilder } from './text-builder.ts';

/** Of what pdf.js gives, what a line is made of. */
type Item = Readonly<{ str: string; transform: readonly number[]; height: number; width: number }>;

/** Letters whose base lines are so much of their height apart stand in one line. */
const SAME_LINE = 0.5;
/** A gap that wide, in heights of the letters, is a space. */
const SPACE_WIDTH = 0.15;

/** The text of a PDF: its items put together to lines and paragraphs, with the place where each page begins. */
export async function pdfFile(bytes: Uint8Array, name: string): Promise<ExtractedText> {
  const document = await getDocumentProxy(new Uint8Array(bytes), {
    verbosity: 0,
  }).catch((cause: unknown) => {
    const locked = cause instanceof Error && cause.name === 'PasswordException';
    throw locked
      ? refusal('locked', `${name}: needs a password.`, cause)
      : refusal('bad_document', `${name}: not a PDF that can be read.`, cause);
  });
  const pages: PdfPageLines[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    const [, bottom = 0, , top = 0] = page.view;
    const lines = linesOf(items.flatMap((item) => ('str' in item ? [item] : [])));
    pages.push({ height: top - bottom, lines });
    page.cleanup();
  }
  if (pages.length === 0) throw refusal('no_text', `${name}: has no pages.`);
  const empty = pages.filter(({ lines }) => lines.length === 0).length;
  if (empty === pages.length)
    throw refusal(
      'no_text',
      `${name}: ${empty} of ${pages.length} pages hold no text; it looks scanned. Run OCR first, or register an extractor.`,
    );
  const builder = new TextBuilder();
  addPages(builder, pages);
  return builder.built(name);
}

function linesOf(items: readonly Item[]): readonly PdfLine[] {
  const lines: { text: string; y: number; x: number; end: number; height: number }[] = [];
  for (const { str, transform, height: given, width } of items) {
    if (str === '') continue;
    const [, , , , x = 0, y = 0] = transform;
    const height = given || Math.abs(transform[3] ?? 0);
    const last = lines.at(-1);
    if (
      last === undefined ||
      Math.abs(last.y - y) > SAME_LINE * Math.max(height, last.height) ||
      x < last.x
    ) {
      lines.push({ text: str, y, x, end: x + width, height });
      continue;
    }
    const gap = x - last.end > SPACE_WIDTH * Math.max(height, last.height);
    last.text += gap && !last.text.endsWith(' ') && !str.startsWith(' ') ? ` ${str}` : str;
    last.end = x + width;
    last.height = Math.max(last.height, str.trim() === '' ? 0 : height);
  }
  return lines
    .map(({ text, y, height }) => ({ text: text.replace(/\s+/g, ' ').trim(), y, height }))
    .filter(({ text }) => text !== '');
}
