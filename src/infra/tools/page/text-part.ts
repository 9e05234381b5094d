const PART_CHARACTERS = 8_000;
/** A part ends at white space, where there is some so near its end. */
const NEAR_CHARACTERS = 400;

export type TextPart = Readonly<{ start: number; end: number; text: string }>;

/** A part of a long text, from a place on, as much as a model is shown at once. It begins and ends between letters. */
export function textPart(text: string, from: number): TextPart {
  const start = Math.min(Math.max(0, wholeAt(text, from)), text.length);
  const last = Math.min(text.length, start + PART_CHARACTERS);
  const end = last === text.length ? last : endNear(text, start, last);
  return { start, end, text: text.slice(start, end) };
}

function endNear(text: string, start: number, last: number): number {
  for (const sign of ['\n', ' ']) {
    const found = text.lastIndexOf(sign, last);
    if (found > Math.max(start, last - NEAR_CHARACTERS)) return found;
  }
  return wholeAt(text, last);
}

/** Not within a letter of two units. */
function wholeAt(text: string, at: number): number {
  const isLow = (text.charCodeAt(at) & 0xfc00) === 0xdc00;
  return isLow ? at - 1 : at;
}

/** Where a text goes on behind the part, for the model; empty where it does not. */
export function goOnText({ start, end }: TextPart, length: number): string {
  if (start === 0 && end === length) return '';
  const shown = `Characters ${start} to ${end} of ${length} are shown.`;
  return end === length ? `${shown} It ends here.` : `${shown} To read on, ask again with at: ${end}.`;
}
