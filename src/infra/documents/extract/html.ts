import { Parser } from 'htmlparser2';
import type { ExtractedText } from '../text/block.ts';
import { decoded } from '../text/decode.ts';
import { refusal } from './refusal.ts';
import { TextBuilder } from './text-builder.ts';

/** Elements that hold no text of the document. */
const SKIPPED = namesIn('script style noscript template svg math nav iframe object form button select');
/** Elements that begin a block of their own, and end it. */
const BLOCKS = namesIn(
  'html body div section article main aside header footer ul ol li dl dt dd table thead tbody tfoot tr caption figure figcaption details summary hr p blockquote pre address h1 h2 h3 h4 h5 h6',
);
const CELLS = namesIn('td th');
const HEADING = /^h([1-6])$/;
const MOST_DEPTH = 256;
const CHARSET = /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i;
const HEAD_BYTES = 2_048;

/** The text of an HTML file: headings, paragraphs, lists, rows of tables, code. No targets of links and no emphasis: both break quotes. */
export function htmlFile(bytes: Uint8Array, name: string): ExtractedText {
  const builder = new TextBuilder();
  return builder.built(name, addHtml(builder, htmlText(bytes), name));
}

/** Adds the text of the HTML, and returns its title. Throws a Failure (`too_deep`) for what is nested without end. */
export function addHtml(builder: TextBuilder, html: string, name: string): string {
  const writer = new TextWriter(builder, name);
  const parser = new Parser(
    {
      onopentag: (tag) => writer.open(tag),
      ontext: (text) => writer.text(text),
      onclosetag: (tag) => writer.close(tag),
    },
    { decodeEntities: true },
  );
  parser.write(html);
  parser.end();
  writer.end();
  return writer.title;
}

/** Hears of tags and texts in order, and holds no tree of them. */
class TextWriter {
  readonly #builder: TextBuilder;
  readonly #name: string;
  #depth = 0;
  #skipped = 0;
  #preformatted = 0;
  #inTitle = false;
  #inRow = false;
  #level: number | undefined;
  #block = '';
  #title = '';

  constructor(builder: TextBuilder, name: string) {
    this.#builder = builder;
    this.#name = name;
  }

  get title(): string {
    return this.#title;
  }

  open(tag: string): void {
    this.#depth += 1;
    if (this.#depth > MOST_DEPTH)
      throw refusal('too_deep', `${this.#name}: nested deeper than ${MOST_DEPTH}; refused.`);
    if (SKIPPED.has(tag)) this.#skipped += 1;
    if (tag === 'title') this.#inTitle = true;
    if (tag === 'br') this.#block += '\n';
    if (CELLS.has(tag) && this.#block.trim() !== '') this.#block += ' | ';
    if (!BLOCKS.has(tag) || (this.#inRow && tag !== 'tr')) return;
    this.#flush();
    this.#level = levelOf(tag);
    this.#inRow = tag === 'tr';
    if (tag === 'pre') this.#preformatted += 1;
  }

  text(text: string): void {
    if (this.#inTitle) this.#title += text;
    else if (this.#skipped === 0) this.#block += this.#preformatted > 0 ? text : text.replace(/\s+/g, ' ');
  }

  close(tag: string): void {
    this.#depth -= 1;
    if (SKIPPED.has(tag)) this.#skipped = Math.max(0, this.#skipped - 1);
    if (tag === 'title') this.#inTitle = false;
    if (tag === 'tr') this.#inRow = false;
    if (!BLOCKS.has(tag) || this.#inRow) return;
    this.#flush();
    if (tag === 'pre') this.#preformatted = Math.max(0, this.#preformatted - 1);
  }

  end(): void {
    this.#flush();
  }

  #flush(): void {
    const text = this.#preformatted > 0 ? this.#block : this.#block.replace(/[^\S\n]+/g, ' ');
    this.#builder.add(text, this.#level);
    this.#block = '';
    this.#level = undefined;
  }
}

function levelOf(tag: string): number | undefined {
  const level = HEADING.exec(tag)?.[1];
  return level === undefined ? undefined : Number(level);
}

/** The text of an HTML file, by the encoding that it names. */
export function htmlText(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1');
  const declared = CHARSET.exec(head)?.[1]?.toLowerCase();
  if (declared === undefined || declared.startsWith('utf')) return decoded(bytes);
  try {
    return new TextDecoder(declared).decode(bytes).replace(/\r\n?/g, '\n');
  } catch {
    return decoded(bytes);
  }
}

function namesIn(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
