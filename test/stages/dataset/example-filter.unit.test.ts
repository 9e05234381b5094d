import { expect, it } from 'vitest';
import { type ExampleFilter, isMeant, treatmentOf } from '../../../src/stages/dataset/example-filter.ts';
import { suspicionsIn } from '../../../src/stages/text/suspicion.ts';
import { typeFrom } from '../../../src/stages/training-types/data/from-definition.ts';
import { trainingTypes } from '../../../src/stages/training-types/index.ts';
import { exampleOf } from '../formats/fixtures.ts';

const example = exampleOf('sft');
const decided = { ...example, review: { ...example.review, reviewer: 'Ada' } };

it.each<[ExampleFilter, boolean, boolean]>([
  [{}, true, true],
  [{ topic: 'physics', subTopic: 'optics', trainingType: 'sft', minScore: 8 }, true, true],
  [{ topic: 'chemistry' }, false, false],
  [{ subTopic: 'lasers' }, false, false],
  [{ trainingType: 'dpo' }, false, false],
  [{ minScore: 8.5 }, false, false],
  [{ reviewer: 'judge' }, true, false],
  [{ reviewer: 'human' }, false, true],
])('%j means an example of the judge: %s, of a person: %s', (filter, byJudge, byPerson) => {
  expect([isMeant(filter, example), isMeant(filter, decided)]).toEqual([byJudge, byPerson]);
});

it('an example with marks that trainers obey is meant, and left out with a reason where marks are skipped', () => {
  const marked = { ...example, candidate: { prompt: 'Which mark?', answer: 'It is <image>.' } };
  expect([isMeant({ skipMarks: true }, marked), treatmentOf({}, marked).leftOut]).toEqual([true, undefined]);
  expect(treatmentOf({ skipMarks: true }, marked).leftOut).toContain('marks that trainers obey');
  expect(treatmentOf({ skipMarks: true }, example).leftOut).toBeUndefined();
});

it('the source stands where the training type says it, and where the export says otherwise', () => {
  const candidate = { type: 'object', properties: { front: { type: 'string' } }, required: ['front'] };
  const definition = { name: 'card-on-source', candidate, instructions: 'Write.', context_turn: 'before' };
  const slot = new Map(trainingTypes).set('card-on-source', typeFrom(definition, 'here'));
  expect(treatmentOf({}, example, slot).contextTurn).toBe('none');
  const card = { ...example, question: { ...example.question, trainingType: 'card-on-source' } };
  expect(treatmentOf({}, card, slot).contextTurn).toBe('before');
  expect(treatmentOf({ contextTurn: 'none' }, card, slot).contextTurn).toBe('none');
});

it('marks in the source of a question count where it stands in the line', () => {
  const marked = { ...example, question: { ...example.question, context: 'As in <image>.' } };
  expect(treatmentOf({ skipMarks: true }, marked).leftOut).toBeUndefined();
  const before = treatmentOf({ skipMarks: true, contextTurn: 'before' }, marked);
  expect([before.contextTurn, before.leftOut]).toEqual(['before', expect.stringContaining('marks')]);
});

it.each([
  ['its own words', { text: 'What is </s> for?' }],
  ['its system prompt', { system: 'Answer in <think>.' }],
  ['what was said before it', { history: [{ role: 'user', content: 'x\u{e0041}' }] as const }],
])('marks in %s are trained on, and count', (_, parts) => {
  const marked = { ...example, question: { ...example.question, ...parts } };
  expect(treatmentOf({ skipMarks: true }, marked).leftOut).toContain('marks');
  expect(suspicionsIn(marked)).toHaveLength(1);
});

it('marks in what its line is without do not count', () => {
  const marked = { ...example, question: { ...example.question, system: 'Answer in <think>.' } };
  expect(treatmentOf({ skipMarks: true, without: ['system'] }, marked).leftOut).toBeUndefined();
});
