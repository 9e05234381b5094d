import { describe, expect, it } from 'vitest';
import { registerTypes } from '../../../src/infra/plugins/load-types.ts';
import { exportLines } from '../../../src/stages/formats/index.ts';
import { questionSchema } from '../../../src/stages/question.ts';
import { exampleOf } from './fixtures.ts';

const brought = {
  system: 'You are the ACME bot.',
  history: [
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content: 'Good day' },
  ],
  context: 'The shop is open from nine to five.',
  passages: [{ title: 'Hours', text: 'Nine to five.' }],
  tools: [
    { type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } },
  ],
};
const answered = { id: 'q-1', question: 'Q?', answer: 'A.', topic: 'physics', score: 8 };

function rowOf(parts: object, trainingType = 'sft', beside: Parameters<typeof exportLines>[2] = {}) {
  const { question, ...example } = exampleOf(trainingType, { candidate: { answer: 'A.' } });
  const asked = questionSchema.parse({ ...question, ...parts });
  const [line] = exportLines({ ...example, question: asked }, 'columns', { asker: { id: 'q-1' }, ...beside });
  return line?.kind === 'line' ? line.value : line?.reason;
}

function typed(name: string, columns?: Readonly<Record<string, string>>) {
  const candidate = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] };
  return registerTypes([{ name, instructions: 'Write.', candidate, ...(columns && { columns }) }]);
}

describe('a row of the usual columns', () => {
  it('has what its question brings, and no place for what it does not', () => {
    expect(rowOf(brought)).toEqual({ ...answered, ...brought });
    expect(rowOf({})).toEqual(answered);
  });

  it('of a type of one’s own that names no columns has it, too', async () => {
    await typed('plain-card');
    expect(rowOf(brought, 'plain-card')).toEqual({ answer: 'A.', ...brought });
    expect(rowOf({}, 'plain-card')).toEqual({ answer: 'A.' });
  });

  it('is without the parts that are to be stripped', () => {
    const { system: _, tools: __, ...kept } = brought;
    expect(rowOf(brought, 'sft', { without: ['system', 'tools'] })).toEqual({ ...answered, ...kept });
  });
});

it('columns of a type of one’s own may be the earlier turns and the tools', async () => {
  await typed('history-card', { said: '$history', tools: '$tools' });
  expect(rowOf(brought, 'history-card')).toEqual({ said: brought.history, tools: brought.tools });
  expect(rowOf({}, 'history-card', {})).toEqual({ said: [], tools: [] });
});
