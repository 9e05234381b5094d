import { seededRandom } from '../../src/infra/models/random.ts';

const WORDS = 60_000;
const SENTENCES = 40_000;
const WORDS_A_SENTENCE = 12;
const SECTION_CHARACTERS = 1_500;
const SEED = 7;

export type Corpus = Readonly<{
  sentence(): string;
  /** As long as most chunks are. */
  section(): string;
  /** Such as a question has. */
  words(count: number): string;
}>;

/** Texts whose words are as often as those of a language, the same each time: few of them make half of it. */
export function corpus(): Corpus {
  const random = seededRandom(SEED);
  const shares = Array.from({ length: WORDS }, (_, rank) => 1 / (rank + 2.7));
  let sum = 0;
  const upTo = shares.map((share) => (sum += share));
  const word = () => {
    const wanted = random() * sum;
    let [low, high] = [0, WORDS - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return `w${low.toString(36)}`;
  };
  const words = (count: number) => Array.from({ length: count }, word).join(' ');
  const known = Array.from({ length: SENTENCES }, () => `${words(WORDS_A_SENTENCE)}.`);
  const sentence = () => known[Math.floor(random() * SENTENCES)] ?? '';
  const section = () => {
    let text = '';
    while (text.length < SECTION_CHARACTERS) text += `${text === '' ? '' : ' '}${sentence()}`;
    return text;
  };
  return { sentence, section, words };
}
