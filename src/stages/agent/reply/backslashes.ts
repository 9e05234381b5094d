import {
  type Escape,
  endsString,
  escapesIn,
  isControl,
  isNoJson,
  isPerhapsWord,
  isSurelyWord,
  isWordOfFormula,
  mayBeMeant,
  spaceLetter,
} from './escape.ts';

/**
 * How the backslashes of a JSON text were written.
 *
 * - `doubled`: as JSON wants them; the text is read as it stands.
 * - `single`: as LaTeX, regular expressions and Windows paths have them; in `text` each of them is doubled.
 * - `unclear`: `what` can be read in two ways. `text` is a guess, for those who ask whether it is JSON at all.
 */
export type Written =
  | Readonly<{ kind: 'doubled' }>
  | Readonly<{ kind: 'single'; text: string }>
  | Readonly<{ kind: 'unclear'; text: string; what: string }>;

type Meaning = 'as it is' | 'backslash' | 'apostrophe' | 'unclear';

const SHOWN = 12;
const CONTRACTION = /^(?:s|t|d|m|ll|re|ve|em|n|clock)(?![A-Za-z])/i;
const QUOTED_SINGLY = /^[[{\s]*'/;

/**
 * Decides for a whole reply whether its backslashes were doubled. `\s` and `\(` are no JSON; `\frac` and `\beta` are, and
 * would become a form feed and a backspace, which stand in no text: such a reply was written with single ones, and they
 * are kept. `\n` in it is a line end, unless it could begin a command such as `\nu`: then it is unclear.
 */
export function backslashesIn(text: string): Written {
  if (!text.includes('\\')) return { kind: 'doubled' };
  const escapes = [...escapesIn(text)];
  const single = escapes.some(betrays);
  const doubled = escapes.some(({ all }) => all === '\\\\');
  const meaningOf = single ? inSingle : doubled ? amongDoubled : inPlain;
  const singlyQuoted = QUOTED_SINGLY.test(text);
  let made = '';
  let from = 0;
  let changed = false;
  let what: string | undefined;
  for (const sequence of escapes) {
    const { all, at, after } = sequence;
    const meaning =
      all === "\\'" ? (singlyQuoted ? 'as it is' : apostrophe(sequence, single)) : meaningOf(sequence);
    if (meaning === 'as it is') continue;
    if (meaning === 'unclear') what ??= `${all}${after}`.slice(0, SHOWN);
    made += `${text.slice(from, at)}${meaning === 'apostrophe' ? "'" : `\\${all}`}`;
    from = at + all.length;
    changed = true;
  }
  const whole = made + text.slice(from);
  if (what !== undefined) return { kind: 'unclear', text: whole, what };
  return changed ? { kind: 'single', text: whole } : { kind: 'doubled' };
}

/** Only who writes single backslashes writes this. */
function betrays(sequence: Escape): boolean {
  if (isNoJson(sequence) || sequence.all === '\\b' || sequence.all === '\\f') return true;
  const letter = spaceLetter(sequence);
  return letter !== undefined && letter !== 'n' && isSurelyWord(sequence);
}

function inSingle(sequence: Escape): Meaning {
  const { all } = sequence;
  if (all === '\\"') return 'as it is';
  if (all === '\\\\' || all === '\\/') return 'unclear';
  if (/^\\u[0-9a-f]{4}/i.test(all))
    return isControl(sequence) || /^\\u00[0-7]/i.test(all) ? 'unclear' : 'as it is';
  const letter = spaceLetter(sequence);
  if (letter === undefined) return 'backslash';
  if (letter !== 'n' && isPerhapsWord(sequence)) return 'backslash';
  return mayBeMeant(sequence) || isLoneReturn(sequence) ? 'unclear' : 'as it is';
}

function inPlain(sequence: Escape): Meaning {
  if (isWordOfFormula(sequence) || endsString(sequence))
    return spaceLetter(sequence) === undefined ? 'as it is' : 'unclear';
  return amongDoubled(sequence);
}

/** Who doubles some of them doubles all, but for a slip. */
function amongDoubled(sequence: Escape): Meaning {
  return isControl(sequence) || isSurelyWord(sequence) || isLoneReturn(sequence) ? 'unclear' : 'as it is';
}

function isLoneReturn({ all, after }: Escape): boolean {
  return all === '\\r' && !after.startsWith('\\n');
}

/** `don\'t` is a habit of other languages. In `caf\'e` it is an accent, and in a string of a program it belongs there. */
function apostrophe({ before, after }: Escape, single: boolean): Meaning {
  const inString = (before.replaceAll("\\'", '').split("'").length - 1) % 2 === 1;
  if (inString) return 'unclear';
  if (/[A-Za-z]$/.test(before)) return CONTRACTION.test(after) ? 'apostrophe' : 'unclear';
  return single ? 'unclear' : 'apostrophe';
}
