import { describe, expect, it } from 'vitest';
import { isPublished } from '../../../src/features/replay/stored-works.ts';
import { exampleOf, finishedWith, questionOf } from '../../../src/testing/store/fixtures.ts';
import { reviewOf } from '../../support/stage/stage-fixtures.ts';

const stored = (review: Parameters<typeof reviewOf>) =>
  finishedWith({ ...exampleOf(questionOf()), review: reviewOf(...review) });

describe('what a stage published of a result', () => {
  it('is nothing of a question that did not pass, and a retraction where a person said so', () => {
    expect(isPublished('storage', stored(['approved']))).toBe(true);
    expect(isPublished('storage', stored(['rejected']))).toBe(false);
    expect(isPublished('storage', stored(['rejected', { reviewer: 'Ann' }]))).toBe(true);
    expect(isPublished('storage', stored(['held', { reviewer: 'Ann' }]))).toBe(true);
  });

  it('is nothing of a review that waits for a person', () => {
    expect(isPublished('review', finishedWith(reviewOf('approved')))).toBe(true);
    expect(isPublished('review', finishedWith(reviewOf('approved', { hold: 'audit' })))).toBe(false);
  });
});
