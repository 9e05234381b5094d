import { describe, expect, it } from 'vitest';
import { deadLetterTable } from '../../../src/features/redrive/dead-letter-text.ts';
import { deadLetterOf, questionOf, storedDeadLetter, workOf } from '../../../src/testing/store/fixtures.ts';

const question = questionOf('Why?');
const deadLetter = storedDeadLetter(deadLetterOf(workOf(question), { message: 'The model refused.' }), {
  drive: 2,
});

describe('the list of dead letters', () => {
  it('says under each dead letter when and of what it died last, and that it was sent again', () => {
    const [head, row, death] = deadLetterTable([deadLetter]).split('\n');
    expect(head).toMatch(/^question +stage +class +stands$/);
    expect(row).toContain(deadLetter.stage);
    expect(death).toContain(', sent again 2 times: The model refused.');
  });

  it('fits a terminal of 80 columns with the longest names, all but what the model said', () => {
    const long = { ...deadLetter, stage: 'generation', code: 'schema_mismatch', message: '' } as const;
    for (const line of deadLetterTable([long]).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});
