import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { strictSchema } from '../../../src/infra/models/openai/strict-schema.ts';
import { judgementSchema, scoreSchema, verdictOf } from '../../../src/stages/review/judgement.ts';
import { recipes, rubric } from '../../support/stage/stage-fixtures.ts';

const judgementOf = (correctness: number, clarity: number) => ({
  scores: { correctness: { score: correctness, reason: 'r' }, clarity: { score: clarity, reason: 'r' } },
  feedback: 'f',
});

describe('a score', () => {
  it.each([
    [7, 7],
    [7.5, 7.5],
    ['7', 7],
    [' 7 ', 7],
    ['7.5', 7.5],
    ['7,5', 7.5],
    ['7/10', 7],
    ['7.5 / 10', 7.5],
    ['8 out of 10', 8],
    ['8 Out Of 10', 8],
    ['10/10', 10],
    ['Score: 8 out of 10', 8],
    ['score = 7,5', 7.5],
    ['**8**/10', 8],
    ['Rating: **9** / 10', 9],
    ['8 of ten', 8],
  ])('%j is understood as %d', (written, score) => {
    expect(scoreSchema.parse(written)).toBe(score);
  });

  it.each([
    11,
    0,
    0.5,
    -3,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '11',
    '0',
    '-7',
    '12/10',
    '9/100',
    '4/5',
    'Score: 80 of 100',
    'between 7 and 8',
    '8/10/10',
    '',
    'ten',
    'high',
    '7 8',
    '7.',
    '1e1',
    '0x7',
    null,
    true,
    [7],
    {},
  ])('%j is refused', (written) => {
    expect(scoreSchema.safeParse(written).success).toBe(false);
  });

  it('is never anything but a number from 1 to 10', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.stringMatching(/^[0-9.,/ ]{0,8}$/)), (written) => {
        const parsed = scoreSchema.safeParse(written);
        if (!parsed.success) return;
        expect(parsed.data).toBeGreaterThanOrEqual(1);
        expect(parsed.data).toBeLessThanOrEqual(10);
      }),
    );
  });
});

describe('a judgement', () => {
  const schema = judgementSchema(rubric);

  it('has a score and a reason for every criterion of the rubric', () => {
    expect(schema.safeParse(judgementOf(7, 8)).success).toBe(true);
    expect(
      schema.safeParse({ scores: { correctness: { score: 7, reason: 'r' } }, feedback: '' }).success,
    ).toBe(false);
    expect(schema.safeParse({ ...judgementOf(7, 8), feedback: undefined }).success).toBe(false);
  });

  it('drops criteria that nobody asked for', () => {
    const { scores, feedback } = judgementOf(7, 8);
    const parsed = schema.parse({ scores: { ...scores, style: { score: 1, reason: 'r' } }, feedback });
    expect(Object.keys(parsed.scores)).toEqual(['correctness', 'clarity']);
  });

  it('is asked for as one of the whole numbers from 1 to 10, behind its reason, also where a schema is strict', () => {
    const json = z.toJSONSchema(schema, { target: 'draft-7', io: 'output' });
    const properties =
      '{"reason":{"type":"string"},"score":{"type":"integer","enum":[10,9,8,7,6,5,4,3,2,1]}}';
    expect(JSON.stringify(strictSchema(json))).toContain(`"properties":${properties}`);
  });

  it('has the same schema for the same rubric', () => {
    expect(judgementSchema(rubric)).toBe(schema);
    expect(judgementSchema({ ...rubric })).not.toBe(schema);
  });
});

describe('a verdict', () => {
  const { review } = recipes({ minScore: 7, maxRevisions: 2 });

  it.each([
    [7, 7, 0, 'approved'],
    [10, 6.9, 0, 'revise'],
    [6.9, 10, 1, 'revise'],
    [10, 6.9, 2, 'rejected'],
    [7, 10, 2, 'approved'],
    [1, 1, 3, 'rejected'],
  ] as const)('on scores of %d and %d at revision %d is %s', (correctness, clarity, revision, verdict) => {
    expect(verdictOf(judgementOf(correctness, clarity), review, revision)).toMatchObject({
      verdict,
      score: Math.min(correctness, clarity),
      feedback: 'f',
    });
  });

  it('is never to revise where no revision is allowed', () => {
    const strict = recipes({ minScore: 7, maxRevisions: 0 }).review;
    expect(verdictOf(judgementOf(1, 1), strict, 0).verdict).toBe('rejected');
  });

  it('sends a question back exactly as often as is allowed', () => {
    fc.assert(
      fc.property(fc.nat({ max: 20 }), (maxRevisions) => {
        const recipe = recipes({ maxRevisions }).review;
        let revision = 0;
        while (verdictOf(judgementOf(1, 1), recipe, revision).verdict === 'revise') revision += 1;
        expect(revision).toBe(maxRevisions);
      }),
    );
  });
});
