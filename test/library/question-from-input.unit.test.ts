import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../src/infra/config/load-settings.ts';
import type { From } from '../../src/infra/input/mapping/meant.ts';
import type { QuestionInput } from '../../src/library/options.ts';
import { questionFromInput } from '../../src/library/question-from-input.ts';

const asked = (input: QuestionInput, from?: From, settings = {}) =>
  questionFromInput(input, { settings: parseSettings(settings), from }, 0);

describe('answers that the caller of the library has', () => {
  it('are judged with from: answer, and no longer stand with the metadata', () => {
    const made = asked({ question: 'Why?', answer: 'So.', metadata: { level: 3 } }, 'answer');
    expect(made.question.given?.candidate).toEqual({ answer: 'So.' });
    expect(made.metadata).toEqual({ level: 3 });
  });

  it('may be the messages that follow the question, with calls of tools', () => {
    const tools = [{ type: 'function', function: { name: 'get_weather' } }];
    const answer = [
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ function: { name: 'get_weather', arguments: '{}' } }],
      },
      { role: 'tool', content: '9' },
      { role: 'assistant', content: 'Nine.' },
    ];
    const made = asked({ question: 'How warm?', tools, answer, trainingType: 'tool-calls' }, 'answer');
    expect(made.question.given?.candidate).toMatchObject({ answer: 'Nine.' });
  });

  it('are a pair with from: pair', () => {
    const made = asked({ question: 'Why?', chosen: 'So.', rejected: 'No.' }, 'pair');
    expect(made.question.trainingType).toBe('dpo');
    expect(made.question.given?.candidate).toEqual({ chosen: 'So.', rejected: 'No.' });
  });

  it('stay beside their questions without it, as in a file', () => {
    const made = asked({ question: 'Why?', answer: 'So.' });
    expect(made.question).not.toHaveProperty('given');
    expect(made.metadata).toEqual({ answer: 'So.' });
  });

  it('are missed by name of the question that has none', () => {
    expect(() => asked('Why?', 'answer')).toThrow(/^Question 1: expected an answer to judge, came none/);
    expect(() => asked({ question: 'Why?', answer: 'So.' }, 'pair')).toThrow(/came no pair/);
  });

  it('that readDataset brought are as they are, whatever from says', () => {
    const given = { sha256: 'a'.repeat(64) };
    expect(asked(Object.assign({ question: 'Why?' }, { given }), 'answer').question.given).toMatchObject(
      given,
    );
  });

  it('are held against what the model researches where that was asked for', () => {
    const made = asked({ question: 'Why?', answer: 'So.' }, 'answer', { research: 'memory' });
    expect(made.question.given?.research).toBe(true);
  });
});
