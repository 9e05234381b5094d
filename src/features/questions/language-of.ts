/** Scripts of one language, or nearly so; of two in one text the first counts. */
const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ['Japanese', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['Korean', /\p{Script=Hangul}/u],
  ['Chinese', /\p{Script=Han}/u],
  ['Ukrainian', /[іїєґ]/iu],
  ['Russian', /[ыэё]/iu],
  ['Cyrillic script', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}{2}/u],
  ['Hebrew', /\p{Script=Hebrew}/u],
  ['Persian', /[پچژگ]/u],
  ['Arabic', /\p{Script=Arabic}/u],
  ['Hindi', /\p{Script=Devanagari}/u],
  ['Bengali', /\p{Script=Bengali}/u],
  ['Tamil', /\p{Script=Tamil}/u],
  ['Thai', /\p{Script=Thai}/u],
];

/** Words that are frequent in one language and rare in the others of the list. */
const WORDS: Readonly<Record<string, string>> = {
  English:
    'the of and is are what how why which does do did can for with from this that when where who in to an a you it',
  German:
    'der die das und ist sind was wie warum welche welcher wird werden ein eine nicht mit von für auf wann wer ich im den dem',
  French:
    'le les des est sont que quel quelle comment pourquoi et une un dans pour avec qui quand ce cette il pas du au',
  Spanish: 'el los las es son qué cómo por cuál una un para con del cuándo dónde quién y en se la no está',
  Italian: 'il gli che cosa come perché è sono quale una un per con della quando chi e di nel lo si',
  Portuguese: 'o os as é são que como por qual uma um para com da do quando onde quem e em não se',
  Dutch: 'het een van en is zijn wat hoe waarom welke wordt niet met voor op wanneer wie de dat je',
  Swedish: 'och är vad hur varför vilken ett av för på inte som när vem det att med den',
  Danish: 'og er hvad hvordan hvorfor hvilken et af for på ikke som når hvem det at med',
  Polish: 'jest są co jak dlaczego jaki która nie na dla się kiedy kto i w z to czy',
  Czech: 'je jsou co jak proč jaký která není na pro se kdy kdo a v že to',
  Turkish: 've bir nedir nasıl neden hangi için ile bu ne kim zaman mi mı olan',
  Indonesian: 'apa bagaimana mengapa yang dan adalah untuk dengan dari ini di siapa kapan itu',
  Vietnamese: 'là gì của và như thế nào tại sao các cho với được khi ai không một',
};
const wordsOf = Object.entries(WORDS).map(([name, words]) => [name, new Set(words.split(' '))] as const);
const LONGEST = 1_000;

/**
 * The language that a text seems to be in, as far as its script and frequent words tell; `undefined` where they tell none, or two alike.
 * Good enough to say what a file holds, and not to decide by.
 */
export function languageOf(text: string): string | undefined {
  const beginning = text.slice(0, LONGEST);
  const letters = beginning.match(/\p{L}/gu) ?? [];
  const latin = beginning.match(/\p{Script=Latin}/gu) ?? [];
  if (latin.length * 2 < letters.length) return SCRIPTS.find(([, script]) => script.test(beginning))?.[0];
  const words = beginning.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
  const hits = wordsOf.map(
    ([name, known]) => [name, words.filter((word) => known.has(word)).length] as const,
  );
  const [first, second] = hits.toSorted(([, one], [, other]) => other - one);
  if (first === undefined || first[1] === 0 || first[1] === second?.[1]) return undefined;
  return first[0];
}
