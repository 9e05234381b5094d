/**
 * What is left of a command of LaTeX (https://www.latex-project.org/help/documentation/), or of a name in a Windows path,
 * where JSON has read its backslash and first letter as a line end, a tab or a carriage return. The `sure` ones begin no
 * line of prose or code; the others are words and names as well.
 */
type Tails = Readonly<{ sure: RegExp; perhaps: RegExp; path: RegExp }>;
type SpaceLetter = 'n' | 't' | 'r';

const TAILS: Readonly<Record<SpaceLetter, Tails>> = {
  n: tails(
    'abla atural earrow eq eqq ewcommand ewline ewpage ewtheorem ewenvironment oindent onumber olimits otin otni obreak ormalsize subset subseteq supset supseteq leq leqslant geq geqslant gtr icefrac warrow umberwithin leftarrow vdash vDash Rightarrow Leftarrow triangleleft triangleright ull(?=\\{) um(?=\\{)',
    'e eg exists i less mid parallel prec succ sim cong ot u ull rightarrow um ames oalign',
    'ew odejs odes? ginx etwork ets? otes? otebooks? pm uget ode_modules ames? umpy atwest',
  ),
  t: tails(
    'heta imes herefore hinspace hickapprox hicksim ilde riangle riangleq riangledown rianglelefteq rianglerighteq extbf extit extrm exttt extsc extsf extup extcolor extstyle extwidth ext(?=\\{) frac(?=\\{) binom(?=\\{) ag(?=\\{) anh woheadrightarrow woheadleftarrow itle(?=\\{) ableofcontents inymath abular abcolsep abularx hepage hesection hispagestyle',
    'o au an ext ag op frac binom iny oday itle imes op',
    'emp mp ests? ools? oolbox arget rash raining asks? humbs emplates? ext emporary',
  ),
  r: tails(
    'ho ight ightarrow ightharpoonup ightharpoondown ightleftharpoons ightleftarrows ightsquigarrow ightthreetimes ceil rangle angle floor vert Vert m enewcommand isingdotseq brace brack group moustache times ef(?=\\{) eal oot ule(?=[\\[{])',
    'e',
    'epos? eports? esources? eleases? oaming oot uns? ead emote aw',
  ),
};

/** One backslash of a JSON text with what belongs to it. JSON holds them in strings alone, so the strings need not be found. */
export type Escape = Readonly<{
  /** With its backslash, such as `\n`, `\u00e9` or `\(`. */
  all: string;
  /** What stands before it on the same line, at most 200 characters. */
  before: string;
  /** What stands behind it, at most 60 characters. */
  after: string;
}>;

const ESCAPE = /\\(?:u[0-9a-fA-F]{4}|[\s\S]|$)/g;
const BEFORE = 200;
const AFTER = 60;
const CONTROL = /^\\u00(?:0[0-8bcef]|1|7f|[89])/i;
const DRIVE = /(?:^|[\s"'`([=,;]|\\[nt])(?:[A-Za-z]:|~|%\w+%)(?:\\[^\s"':*?<>|]*)*$/;
const BARE_DRIVE = /(?:^|[\s"'`([=,;]|\\[nt])(?:[A-Za-z]:|~|%\w+%)$/;

/** All escapes of the text with their places, in order. */
export function* escapesIn(text: string): Generator<Escape & Readonly<{ at: number }>> {
  let line = 0;
  for (const { 0: all, index: at } of text.matchAll(ESCAPE)) {
    const end = at + all.length;
    const before = text.slice(Math.max(line, at - BEFORE), at);
    yield { all, at, before, after: text.slice(end, end + AFTER) };
    if (all === '\\n') line = end;
  }
}

/** Whether JSON knows no such sequence. That of an apostrophe is a habit of other languages, and is looked at apart. */
export function isNoJson({ all }: Escape): boolean {
  return !/^\\(?:["\\/bfnrt']|u[0-9a-fA-F]{4})$/.test(all);
}

/** Whether it makes a character that stands in no text. */
export function isControl({ all }: Escape): boolean {
  return all === '\\b' || all === '\\f' || CONTROL.test(all);
}

/** Whether a space of JSON is the beginning of a word for certain: nobody begins a line with "abla", or writes "heta" behind a tab. */
export function isSurelyWord(sequence: Escape): boolean {
  const letter = spaceLetter(sequence);
  if (letter === undefined) return false;
  const { after, before } = sequence;
  const { sure, path } = TAILS[letter];
  return sure.test(after) || (path.test(after) && BARE_DRIVE.test(before));
}

/** Whether it stands where a formula is open, and could be one of its commands. */
export function isWordOfFormula(sequence: Escape): boolean {
  const letter = spaceLetter(sequence);
  if (letter === undefined || !TAILS[letter].perhaps.test(sequence.after)) return false;
  const { before } = sequence;
  if (/(?:^|[^ ]) $/.test(before) && /^(?:eg?|o|i|u|ot|au)\b/.test(sequence.after)) return true;
  return /[ $({=+,^_]$/.test(before) && (before.split('$').length - 1) % 2 === 1;
}

/** Whether it could be something else than the space that JSON makes of it, where backslashes were not doubled. */
export function mayBeMeant(sequence: Escape): boolean {
  return isPerhapsWord(sequence) || isOfPattern(sequence) || endsString(sequence);
}

/** Whether it could be the beginning of a command, or of a name in a path. */
export function isPerhapsWord(sequence: Escape): boolean {
  const letter = spaceLetter(sequence);
  if (letter === undefined) return false;
  const { before, after } = sequence;
  const { sure, perhaps, path } = TAILS[letter];
  return (
    sure.test(after) ||
    perhaps.test(after) ||
    DRIVE.test(before) ||
    (path.test(after) && /[\w:]$/.test(before))
  );
}

/** In a class of characters, repeated, or behind another one: as in a regular expression. */
function isOfPattern({ before, after }: Escape): boolean {
  if (/\[[^\]\s]{0,30}$/.test(before) && /^[^[\s]{0,30}\]/.test(after)) return true;
  return /\\[sdwSDWbB][*+?]?$/.test(before) || /^(?:[+?]\S|\*(?![\s*]))/.test(after);
}

/** Whether it is the last thing in a string of a program or in a piece of code: `print("Hello\n")`. */
export function endsString({ before, after }: Escape): boolean {
  const quote = /^(?:\\"|['`])/.exec(after)?.[0];
  if (quote === undefined || after.startsWith(quote.repeat(3)) || /(?:\\"){3}\w*$|'''$|```\w*$/.test(before))
    return false;
  return (before.split(quote).length - 1) % 2 === 1;
}

/** The letter of an sequence that JSON makes a space of. */
export function spaceLetter({ all }: Pick<Escape, 'all'>): SpaceLetter | undefined {
  if (all === '\\n') return 'n';
  if (all === '\\t') return 't';
  return all === '\\r' ? 'r' : undefined;
}

function tails(sure: string, perhaps: string, path: string): Tails {
  const one = (words: string) => new RegExp(`^(?:${words.split(' ').join('|')})(?![A-Za-z])`);
  return {
    sure: one(sure),
    perhaps: one(perhaps),
    path: new RegExp(`^(?:${path.split(' ').join('|')})`, 'i'),
  };
}
