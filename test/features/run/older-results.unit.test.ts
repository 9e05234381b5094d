import { expect, it } from 'vitest';
import { olderText } from '../../../src/features/run/announce.ts';

it('says of one result and of several what was made otherwise, and how to make it anew', () => {
  expect(olderText('review', 1)).toBe(
    '1 result of review was made with another prompt, model or settings, and is kept. To make it anew beside the old one: --redo review',
  );
  expect(olderText('generation', 2)).toMatch(
    /^2 results of generation were made .* are kept\. To make them anew/,
  );
});
