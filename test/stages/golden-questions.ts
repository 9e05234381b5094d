import { seededRandom } from '../../src/infra/models/random.ts';
import { type Question, questionSchema } from '../../src/stages/question.ts';

const WORDS = [
  'Why',
  'does',
  'ÄTHER',
  'cafe\u0301',
  '日本語',
  '\u00a0',
  '  ',
  'a "b" \\ c',
  'ice',
  '2+2',
  '\u{1f600}',
  'ß',
];

/** Questions as people write them, of all that a question had before it had parts: always the same ones. */
export function goldenQuestions(count: number): readonly Question[] {
  const random = seededRandom(7);
  const words = (most: number) =>
    Array.from(
      { length: Math.floor(random() * most) },
      () => WORDS[Math.floor(random() * WORDS.length)],
    ).join(' ');
  return Array.from({ length: count }, (_, index) =>
    questionSchema.parse({
      text: `${words(12)} ${index}?`,
      context: random() < 0.3 ? words(40) : '',
      topic: words(3),
      subTopic: words(3),
      trainingType: ['sft', 'dpo', 'reasoning', 'conversation'][index % 4],
    }),
  );
}
