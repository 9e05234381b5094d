import { describe, expect, it } from 'vitest';
import { withFields } from '../../../src/features/questions/with-fields.ts';
import { questionIdOf } from '../../../src/stages/question.ts';
import { fieldsNamedIn } from '../../../src/stages/question-parts/lifted.ts';
import { questionOf, recipes } from '../../support/stage/stage-fixtures.ts';

const own = recipes();
const named = {
  ...own,
  review: {
    ...own.review,
    prompt: {
      system: 'For {{#metadata.level}}{{metadata.level}}{{/metadata.level}}',
      user: '{{fields.age}}',
    },
  },
};

describe("an asker's own values that prompts name", () => {
  it('are read off every template of a lane', () => {
    expect(fieldsNamedIn(named)).toEqual(['age', 'level']);
    expect(
      fieldsNamedIn({ ...own, generation: { ...own.generation, instructions: { sft: '{{fields.tone}}' } } }),
    ).toEqual(['tone']);
    expect(fieldsNamedIn(own)).toEqual([]);
  });

  it('become fields of the question, by which it is told apart from then on', () => {
    const asked = { question: questionOf(), metadata: { level: 'school', source: 'book' } };
    const lifted = withFields(asked, ['age', 'level']);
    expect(lifted.question.fields).toEqual({ level: 'school' });
    expect(lifted.metadata).toEqual(asked.metadata);
    const other = withFields({ ...asked, metadata: { level: 'university' } }, ['age', 'level']);
    expect(questionIdOf(other.question)).not.toBe(questionIdOf(lifted.question));
  });

  it('leave a question as it is where it has none of them, or says them itself, or they are too long', () => {
    const bare = { question: questionOf() };
    expect(withFields(bare, ['level'])).toBe(bare);
    const said = { question: questionOf({ fields: { level: 'own' } }), metadata: { level: 'other' } };
    expect(withFields(said, ['level'])).toBe(said);
    const long = { question: questionOf(), metadata: { level: 'x'.repeat(5_000) } };
    expect(withFields(long, ['level'])).toBe(long);
    expect(withFields({ ...bare, metadata: { toString: 1 } }, ['constructor']).question).toBe(bare.question);
  });
});
