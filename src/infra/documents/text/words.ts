/** Scripts that write no spaces between words: a full-text index would take a whole run of them for one word. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const WORD = /[\p{L}\p{N}\p{Co}]+/gu;
const MOST_WORDS = 64;

/** Made when it is first used: `Intl` loads much for it. */
let segmenter: Intl.Segmenter | undefined;

/** The text as an index is given it: with spaces around the words where its script has none. */
export function termsOf(text: string): string {
  if (!UNSPACED.test(text)) return text;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment).join(' ');
}

/** The words of a query as the index knows them: lower case, without diacritics, each once, in order; 64 at most. */
export function queryWords(text: string): readonly string[] {
  return [...new Set(foldedWords(text))].slice(0, MOST_WORDS);
}

/** All words of a text in order: lower case, without diacritics. */
export function foldedWords(text: string): readonly string[] {
  const folded = termsOf(text)
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  return folded.match(WORD) ?? [];
}
