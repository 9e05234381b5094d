const UNSEEN = /[\p{DI}\u202a-\u202e\u2066-\u2069]/gu;
/** What writing needs, and nobody has to be shown: joiners, selectors of emoji, soft hyphens, marks of direction. */
const NEEDED = /\u00ad|\u061c|\u200c|\u200d|\u200e|\u200f|\ufe0e|\ufe0f/;

/** The text with the name of every letter that nobody sees in its place: models read them. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (letter) =>
    NEEDED.test(letter)
      ? letter
      : `[U+${letter.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}
