/** A text as quotes are compared, and where in the text each of its characters comes from. */
export type Folded = Readonly<{
  text: string;
  /** Of each character of the folded text: where what it came from begins and ends. */
  starts: readonly number[];
  ends: readonly number[];
}>;

/** Marks of Markdown that models leave out or add, soft hyphens, and letters that nobody sees. */
const DROPPED = /[*_`\p{Cf}]/u;
const SPACE = /\s/u;
const DOUBLE_QUOTE = /[“”„‟«»″]/u;
const SINGLE_QUOTE = /[‘’‚‛′]/u;
const DASH = /[‐‑‒–—―−]/u;
/** A word that was broken at the end of its line. */
const BROKEN_WORD = /[-\u2010\u00ad][^\S\n]*\r?\n\s*(?=\p{Ll})/uy;

/**
 * The text in the form in which a quote is looked for in it: compatibility letters taken apart, lower case, one space for any white
 * space, words joined that a line end broke, marks of Markdown dropped, typographic signs as those of ASCII.
 */
export function fold(source: string): Folded {
  const starts: number[] = [];
  const ends: number[] = [];
  let text = '';
  let afterSpace = true;
  const add = (letter: string, start: number, end: number) => {
    if (letter === ' ' && afterSpace) return;
    afterSpace = letter === ' ';
    text += letter;
    starts.push(start);
    ends.push(end);
  };
  let at = 0;
  while (at < source.length) {
    const plain = PLAIN[source.charCodeAt(at)];
    if (plain !== undefined) {
      add(plain, at, at + 1);
      at += 1;
      continue;
    }
    const broken = afterSpace ? 0 : brokenWordAt(source, at);
    const code = source.codePointAt(at) ?? 0;
    const end = at + Math.max(broken, code > 0xffff ? 2 : 1);
    if (broken === 0) {
      const letters = foldedCode(code);
      for (let unit = 0; unit < letters.length; unit += 1) add(letters.charAt(unit), at, end);
    }
    at = end;
  }
  if (!text.endsWith(' ')) return { text, starts, ends };
  return { text: text.slice(0, -1), starts: starts.slice(0, -1), ends: ends.slice(0, -1) };
}

/** What most of most texts is made of, by its code, as it is when it is folded. */
const PLAIN: readonly (string | undefined)[] = Array.from({ length: 127 }, (_, code) => {
  const letter = String.fromCharCode(code);
  return /[\w .,;:!?()'"<>/%=+]/.test(letter) && letter !== '_' ? letter.toLowerCase() : undefined;
});

/** How long the hyphen and the line end are that break a word there; 0 where none do. */
function brokenWordAt(source: string, at: number): number {
  const unit = source[at];
  if (unit !== '-' && unit !== '\u2010' && unit !== '\u00ad') return 0;
  BROKEN_WORD.lastIndex = at;
  return BROKEN_WORD.exec(source)?.[0].length ?? 0;
}

/** What code points become: a text has few different ones, and asking Unicode about each takes long. */
const known = new Map<number, string>();
const MOST_KNOWN = 50_000;

function foldedCode(code: number): string {
  const before = known.get(code);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const letters = foldedPoint(String.fromCodePoint(code));
  known.set(code, letters);
  return letters;
}

/** By UTF-16 units: so that the places of the folded text are those of its string. */
function foldedPoint(point: string): string {
  if (DROPPED.test(point)) return '';
  const ascii = asciiOf(point) ?? point.normalize('NFKD').toLowerCase().normalize('NFKD');
  const units = ascii.split('').map((letter) => {
    if (DROPPED.test(letter)) return '';
    if (SPACE.test(letter)) return ' ';
    return letter === 'ς' ? 'σ' : (asciiOf(letter) ?? letter);
  });
  return units.join('');
}

function asciiOf(point: string): string | undefined {
  if (DOUBLE_QUOTE.test(point)) return '"';
  if (SINGLE_QUOTE.test(point)) return "'";
  if (DASH.test(point)) return '-';
  // A prompt shows them in the place of brackets that could be read as a tag.
  if (point === '‹') return '<';
  return point === '›' ? '>' : undefined;
}
