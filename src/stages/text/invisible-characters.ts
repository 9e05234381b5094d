/**
 * Letters that nobody sees and that models read: those of Unicode's Default_Ignorable_Code_Point (UAX #44), and turned
 * directions. What writing needs is none of them: joiners between letters that join, selectors behind what they select, the
 * flags of regions, soft hyphens and marks of direction.
 */
const NEEDED = [
  '\\u{1F3F4}[\\u{E0030}-\\u{E0039}\\u{E0061}-\\u{E007A}]{1,8}\\u{E007F}',
  '(?<=[\\p{L}\\p{M}\\p{So}\\p{Emoji_Modifier}])[\\u200c\\u200d](?=[\\p{L}\\p{M}\\p{So}])',
  '(?<=[\\p{L}\\p{So}\\p{Sm}\\p{Po}\\p{Pd}0-9#*])[\\ufe0e\\ufe0f]',
  '(?<=\\p{Ideographic})[\\u{E0100}-\\u{E01EF}]',
  '(?<=\\p{Script=Mongolian})[\\u180b-\\u180d\\u180f]',
  '[\\u00ad\\u061c\\u200e\\u200f]',
].join('|');
const UNSEEN = new RegExp(`(${NEEDED})|[\\p{DI}\\u202a-\\u202e\\u2066-\\u2069]`, 'gu');
const SUSPECT = /[\p{DI}\u202a-\u202e\u2066-\u2069]/u;
/** Left out where two texts are compared: whatever has no width of its own. */
const WIDTHLESS = /[\p{DI}\p{Cf}\p{Mn}\p{Me}]|[^\P{Cc}\t\n\r]/gu;
const ASCII = /^\p{ASCII}*$/u;

export function withoutUnseen(text: string): string {
  return SUSPECT.test(text) ? text.replace(UNSEEN, (_, needed: string | undefined) => needed ?? '') : text;
}

/** Whether the text has letters that nobody sees. */
export function hasUnseen(text: string): boolean {
  return SUSPECT.test(text) && withoutUnseen(text) !== text;
}

/** The text as it is compared: look-alikes of other widths and styles are one letter (NFKC), what is unseen is none. */
export function folded(text: string): string {
  return ASCII.test(text) ? text : text.normalize('NFKC').replace(WIDTHLESS, '');
}

/** Whether two texts are the same to a reader: unseen letters, white space and normal form do not count. */
export function looksLike(a: string, b: string): boolean {
  return a === b || plain(a) === plain(b);
}

function plain(text: string): string {
  return withoutUnseen(text)
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/gu, '')
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .trim();
}
