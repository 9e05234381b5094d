import { crc32 } from 'node:zlib';
import { contentHashOf } from '../../../stages/evidence/piece.ts';
import type { Block, ExtractedText } from './block.ts';

/** The unit of search: a stretch of a document under its headings. */
export type Chunk = Readonly<{
  /** Names it by headings and text: what is moved, renamed or copied is not another chunk. */
  hash: string;
  /** Of the sections that it stands in, the outermost first: `Engine > Oil`. */
  heading: string;
  text: string;
  start: number;
  end: number;
  /** Pages, rows and lines count from 1; where the document has any. A chunk is of one page or row. */
  page?: number;
  row?: number;
  line?: number;
  toLine?: number;
}>;

const MOST_CHARACTERS = 2_400;
/** From here on a chunk ends after a block whose hash says so. */
const ENOUGH_CHARACTERS = 800;
/** One block in so many says so. */
const ENDS_ONE_IN = 3;

const sentences = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/**
 * The document cut into chunks. Where a cut falls depends on what stands there and hardly on what came before, so that text that is
 * put in makes two or three new chunks and leaves the others as they were. No character but white space is lost, and none is in two.
 */
export function chunksOf(document: ExtractedText): readonly Chunk[] {
  const placeOf = placesIn(document);
  return stretchesOf(document).map((stretch) => chunkOf(document.text, stretch, placeOf));
}

/** What becomes a chunk. `onlyHeadings`: no text has come yet that the headings are of. */
type Stretch = Readonly<{ start: number; end: number; heading: string; onlyHeadings: boolean }>;

function stretchesOf({ text, blocks, pages, rows }: ExtractedText): readonly Stretch[] {
  const sections = pages ?? rows?.begins ?? [];
  const startsAnew = (open: Stretch, { start, end, level }: Block) =>
    (level === undefined ? end - open.start > MOST_CHARACTERS : !open.onlyHeadings) ||
    sectionAt(sections, open.start) !== sectionAt(sections, start);
  const stretches: Stretch[] = [];
  const headings = new Headings();
  let open: Stretch | undefined;
  for (const block of blocks.flatMap((each) => bounded(text, each))) {
    if (open !== undefined && startsAnew(open, block)) {
      stretches.push(open);
      open = undefined;
    }
    if (block.level !== undefined) headings.enter(block.level, titleOf(text, block));
    const onlyHeadings: boolean = (open?.onlyHeadings ?? true) && block.level !== undefined;
    open = { start: open?.start ?? block.start, end: block.end, heading: headings.text, onlyHeadings };
    if (!onlyHeadings && open.end - open.start >= ENOUGH_CHARACTERS && endsChunk(text, block)) {
      stretches.push(open);
      open = undefined;
    }
  }
  return open === undefined ? stretches : [...stretches, open];
}

/** Of the sections that a place stands in, the outermost first. */
class Headings {
  readonly #path: { level: number; title: string }[] = [];

  enter(level: number, title: string): void {
    while ((this.#path.at(-1)?.level ?? 0) >= level) this.#path.pop();
    this.#path.push({ level, title });
  }

  get text(): string {
    return this.#path.map(({ title }) => title).join(' > ');
  }
}

function endsChunk(text: string, { start, end }: Block): boolean {
  return crc32(text.slice(start, end)) % ENDS_ONE_IN === 0;
}

function titleOf(text: string, { start, end }: Block): string {
  return text
    .slice(start, end)
    .replace(/^[\s#]+|[\s#]+$/g, '')
    .replace(/\s+/g, ' ')
    .slice(0, 200);
}

/** A block that is too long for a chunk as its sentences, and a sentence that is as its parts. */
function bounded(text: string, block: Block): readonly Block[] {
  if (block.end - block.start <= MOST_CHARACTERS) return [block];
  const parts: Block[] = [];
  for (const { segment, index } of sentences.segment(text.slice(block.start, block.end)))
    for (let at = 0; at < segment.length; ) {
      const length = partLength(segment, at);
      parts.push({ start: block.start + index + at, end: block.start + index + at + length });
      at += length;
    }
  return parts;
}

function partLength(segment: string, at: number): number {
  if (segment.length - at <= MOST_CHARACTERS) return segment.length - at;
  const space = segment.lastIndexOf(' ', at + MOST_CHARACTERS);
  if (space > at) return space + 1 - at;
  const isHigh = (segment.charCodeAt(at + MOST_CHARACTERS - 1) & 0xfc00) === 0xd800;
  return isHigh ? MOST_CHARACTERS - 1 : MOST_CHARACTERS;
}

type PlaceOf = (start: number, end: number) => Pick<Chunk, 'line' | 'toLine' | 'page' | 'row'>;

function chunkOf(text: string, { start, end, heading }: Stretch, placeOf: PlaceOf): Chunk {
  const raw = text.slice(start, end);
  const from = start + raw.length - raw.trimStart().length;
  const body = raw.trim();
  const to = from + body.length;
  return {
    hash: contentHashOf(heading, body),
    heading,
    text: body,
    start: from,
    end: to,
    ...placeOf(from, to),
  };
}

/** Lines and pages of places that are asked for in order. */
function placesIn({ text, pages, rows, hasLines }: ExtractedText): PlaceOf {
  let counted = 0;
  let line = 1;
  const lineAt = (place: number) => {
    for (let at = text.indexOf('\n', counted); at !== -1 && at < place; at = text.indexOf('\n', counted)) {
      counted = at + 1;
      line += 1;
    }
    return line;
  };
  const rowOf = (start: number) => {
    const row = rows?.numbers[sectionAt(rows.begins, start) - 1];
    return row === undefined ? {} : { row };
  };
  return (start, end) => ({
    ...(hasLines === true ? { line: lineAt(start), toLine: lineAt(end) } : {}),
    ...(pages === undefined ? {} : { page: sectionAt(pages, start) }),
    ...rowOf(start),
  });
}

/** Counts from 1; found by halves, since a table has a section for each of its rows. */
function sectionAt(begins: readonly number[], place: number): number {
  let [low, high] = [0, begins.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((begins[middle] ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}
