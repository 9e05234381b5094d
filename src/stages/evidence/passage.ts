const MOST_CHARACTERS = 2_000;
const BREAK = '\n\n';

/** The paragraphs that a place of the text stands in, and those around it, as long as a passage may be. */
export function passageAround(text: string, start: number, end: number): string {
  if (text.length <= MOST_CHARACTERS) return text;
  let from = paragraphStart(text, start);
  let to = paragraphEnd(text, end);
  if (to - from > MOST_CHARACTERS) return cutAround(text, start, end);
  for (;;) {
    const earlier = from === 0 ? from : paragraphStart(text, from - BREAK.length);
    const later = to === text.length ? to : paragraphEnd(text, to + BREAK.length);
    const takesLater = later > to && later - from <= MOST_CHARACTERS;
    if (takesLater) to = later;
    else if (earlier < from && to - earlier <= MOST_CHARACTERS) from = earlier;
    else return text.slice(from, to).trim();
  }
}

function paragraphStart(text: string, at: number): number {
  const found = at <= 0 ? -1 : text.lastIndexOf(BREAK, at - 1);
  return found === -1 ? 0 : found + BREAK.length;
}

function paragraphEnd(text: string, at: number): number {
  const found = text.indexOf(BREAK, at);
  return found === -1 ? text.length : found;
}

/** Of a paragraph that is too long: what is around the place. */
function cutAround(text: string, start: number, end: number): string {
  const margin = Math.max(0, Math.floor((MOST_CHARACTERS - (end - start)) / 2));
  return text
    .slice(Math.max(0, start - margin), Math.min(text.length, end + margin))
    .toWellFormed()
    .replaceAll('\ufffd', '')
    .trim();
}
