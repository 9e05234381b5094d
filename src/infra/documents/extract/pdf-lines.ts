import type { TextBuilder } from './text-builder.ts';

/** A line of a page: its text, where its base is (upwards), and how high its letters are. */
export type PdfLine = Readonly<{ text: string; y: number; height: number }>;

export type PdfPageLines = Readonly<{ height: number; lines: readonly PdfLine[] }>;

/** Lines further apart than this, in heights of their letters, are of two paragraphs. */
const PARAGRAPH_GAP = 1.7;
/** Letters so much higher than those of most of the text are of a heading. */
const HEADING_HEIGHT = 1.2;
const HIGH_HEADING_HEIGHT = 1.6;
const MOST_HEADING_CHARACTERS = 150;
/** What stands at the edge of so many pages, in the same words but for numbers, belongs to none of them. */
const RUNNING_PAGES = 2;
const EDGE_SHARE = 0.1;

/** Adds the pages: paragraphs put together of their lines, words joined that a line end broke, running heads left out. */
export function addPages(builder: TextBuilder, pages: readonly PdfPageLines[]): void {
  const running = runningLines(pages);
  const usual = usualHeight(pages);
  for (const page of pages) {
    builder.beginPage();
    const own = page.lines.filter((line) => !(isEdge(line, page) && running.has(bare(line))));
    for (const paragraph of paragraphsOf(own)) {
      const [first] = paragraph;
      if (first !== undefined) builder.add(joined(paragraph), levelOf(first, paragraph, usual));
    }
  }
}

function paragraphsOf(lines: readonly PdfLine[]): readonly (readonly PdfLine[])[] {
  const paragraphs: PdfLine[][] = [];
  for (const line of lines) {
    const open = paragraphs.at(-1);
    const last = open?.at(-1);
    const near =
      last !== undefined &&
      last.y - line.y >= 0 &&
      last.y - line.y <= PARAGRAPH_GAP * Math.max(last.height, line.height) &&
      Math.abs(last.height - line.height) < 0.15 * last.height;
    if (near) open?.push(line);
    else paragraphs.push([line]);
  }
  return paragraphs;
}

function joined(paragraph: readonly PdfLine[]): string {
  return paragraph.reduce((text, { text: line }) => {
    if (text === '') return line;
    return /\p{L}[-\u00ad\u2010]$/u.test(text) && /^\p{Ll}/u.test(line)
      ? text.slice(0, -1) + line
      : `${text} ${line}`;
  }, '');
}

function levelOf({ height }: PdfLine, paragraph: readonly PdfLine[], usual: number): number | undefined {
  const characters = paragraph.reduce((sum, { text }) => sum + text.length, 0);
  if (height < HEADING_HEIGHT * usual || characters > MOST_HEADING_CHARACTERS) return undefined;
  return height >= HIGH_HEADING_HEIGHT * usual ? 1 : 2;
}

/** The height of most letters. */
function usualHeight(pages: readonly PdfPageLines[]): number {
  const characters = new Map<number, number>();
  for (const { height, text } of pages.flatMap(({ lines }) => lines)) {
    const rounded = Math.round(height * 2) / 2;
    characters.set(rounded, (characters.get(rounded) ?? 0) + text.length);
  }
  const [most] = [...characters].sort(([, one], [, other]) => other - one);
  return most?.[0] ?? 0;
}

function runningLines(pages: readonly PdfPageLines[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const page of pages)
    for (const text of new Set(page.lines.filter((line) => isEdge(line, page)).map(bare)))
      counts.set(text, (counts.get(text) ?? 0) + 1);
  const least = Math.max(RUNNING_PAGES, pages.length / 2);
  return new Set([...counts].filter(([, count]) => count >= least).map(([text]) => text));
}

function isEdge({ y }: PdfLine, { height }: PdfPageLines): boolean {
  return y < EDGE_SHARE * height || y > (1 - EDGE_SHARE) * height;
}

/** Page numbers differ from page to page. */
function bare({ text }: PdfLine): string {
  return text.replace(/\d+/g, '#');
}
