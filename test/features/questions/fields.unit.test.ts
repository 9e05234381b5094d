import { describe, expect, it } from 'vitest';
import { withFields } from '../../../src/features/questions/with-fields.ts';
import { questionIdOf } from '../../../src/stages/question.ts';
import { fieldsNamedIn, NO_FIELDS } from '../../../src/stages/question-parts/named-fields.ts';
import { questionOf, recipes } from '../../support/stage/stage-fixtures.ts';

const own = recipes();
const always = (...names: readonly string[]) => ({ always: names, byType: {} });
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
    expect(fieldsNamedIn(named)).toEqual(always('age', 'level'));
    expect(
      fieldsNamedIn({ ...own, generation: { ...own.generation, instructions: { sft: '{{fields.tone}}' } } }),
    ).toEqual({ always: [], byType: { sft: ['tone'] } });
    expect(fieldsNamedIn(own)).toEqual(NO_FIELDS);
  });

  it('are read off all that a type says, and tell its own questions apart alone', () => {
    const card = {
      userTurn: 'verbatim' as const,
      instructions: 'For {{fields.level}}.',
      definition: { columns: { Tone: '{{metadata.tone}}' }, messages: [{ user: '{{fields.age}}' }] },
    };
    const fields = fieldsNamedIn({ ...named, types: { card } });
    expect(fields).toEqual({ always: ['age', 'level'], byType: { card: ['tone'] } });
    const asked = { question: questionOf(), metadata: { tone: 'dry' } };
    expect(withFields(asked, fields)).toBe(asked);
    const ofCard = { ...asked, question: questionOf({ trainingType: 'card' }) };
    expect(withFields(ofCard, fields).question.fields).toEqual({ tone: 'dry' });
  });

  it('become fields of the question, by which it is told apart from then on', () => {
    const asked = { question: questionOf(), metadata: { level: 'school', source: 'book' } };
    const lifted = withFields(asked, always('age', 'level'));
    expect(lifted.question.fields).toEqual({ level: 'school' });
    expect(lifted.metadata).toEqual(asked.metadata);
    const other = withFields({ ...asked, metadata: { level: 'university' } }, always('age', 'level'));
    expect(questionIdOf(other.question)).not.toBe(questionIdOf(lifted.question));
  });

  it('leave a question as it is where it has none of them, or says them itself, or they are too long', () => {
    const bare = { question: questionOf() };
    expect(withFields(bare, always('level'))).toBe(bare);
    const said = { question: questionOf({ fields: { level: 'own' } }), metadata: { level: 'other' } };
    expect(withFields(said, always('level'))).toBe(said);
    const long = { question: questionOf(), metadata: { level: 'x'.repeat(5_000) } };
    expect(withFields(long, always('level'))).toBe(long);
    expect(withFields({ ...bare, metadata: { toString: 1 } }, always('constructor')).question).toBe(
      bare.question,
    );
  });
});
