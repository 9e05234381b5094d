import fc from 'fast-check';
import type { Example } from '../../../src/stages/example.ts';
import { exportFormats, formatNamed } from '../../../src/stages/formats/index.ts';
import { questionIdOf } from '../../../src/stages/question.ts';

/** A candidate of each training type, worth reading in a golden line. */
export const candidates = {
  sft: { prompt: 'Why is the sky blue?', answer: 'Air scatters blue light more than red.' },
  reasoning: { prompt: 'What is 6 × 7?', reasoning: '6 × 7 = 6 × 5 + 6 × 2 = 42.', answer: '42' },
  conversation: {
    turns: [
      { user: 'What is an ion?', assistant: 'A charged atom or molecule.' },
      { user: 'Charged how?', assistant: 'By losing or gaining electrons.' },
    ],
  },
  dpo: { prompt: 'Is glass a liquid?', chosen: 'No: an amorphous solid.', rejected: 'Yes, a slow one.' },
} as const;
export type TypeName = keyof typeof candidates;
export const typeNames: readonly TypeName[] = ['sft', 'reasoning', 'conversation', 'dpo'];

/** Those of trainers: the others are made of whole examples. */
export const trainerFormats: readonly string[] = exportFormats.filter(
  (format) => formatNamed(format).whole === undefined,
);

const usage = { input: 1_000, output: 200, cached: 100, reasoning: 50 };

/** An approved example; `trainingType` decides its candidate. */
export function exampleOf(trainingType: string, overrides: Partial<Example> = {}): Example {
  const question = { text: 'Q?', context: '', topic: 'physics', subTopic: 'optics', trainingType };
  return {
    v: 1,
    lane: 'main',
    questionId: questionIdOf(question),
    revision: 0,
    simulated: false,
    question,
    research: { summary: 'S', keyPoints: ['K'], caveats: [] },
    candidate: Object.entries(candidates).find(([name]) => name === trainingType)?.[1],
    review: {
      scores: { correctness: { score: 9, reason: 'right' }, clarity: { score: 8, reason: 'clear' } },
      score: 8,
      verdict: 'approved',
      feedback: '',
    },
    provenance: [
      { stage: 'generation', revision: 0, model: 'gpt-x', recipe: 'abc123', usage, costUsd: 0.002, calls: 1 },
    ],
    ...overrides,
  };
}

const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => value.trim() !== '');
const untagged = text.filter((value) => !/<\/?think>/iu.test(value));

/** Any candidate that fits its training type. */
export const anyCandidate: Readonly<Record<TypeName, fc.Arbitrary<unknown>>> = {
  sft: fc.record({ prompt: text, answer: text }),
  reasoning: fc.record({ prompt: text, reasoning: untagged, answer: untagged }),
  conversation: fc.record({
    turns: fc.array(fc.record({ user: text, assistant: text }), { minLength: 2, maxLength: 6 }),
  }),
  dpo: fc
    .record({ prompt: text, chosen: text, rejected: text })
    .filter(({ chosen, rejected }) => chosen.trim() !== rejected.trim()),
};
