import { describe, expect, it } from 'vitest';
import { type ExportFormat, exportLines } from '../../../src/stages/formats/index.ts';
import { questionSchema } from '../../../src/stages/question.ts';
import { exampleOf } from './fixtures.ts';

const context = 'Sunlight meets the air, which scatters short waves most.';

function asked(trainingType: string, parts: object = { context }) {
  const example = exampleOf(trainingType);
  return { ...example, question: questionSchema.parse({ ...example.question, ...parts }) };
}

function made(example: ReturnType<typeof asked>, format: ExportFormat, sentBack: readonly unknown[] = []) {
  const [line] = exportLines(example, format, { contextTurn: 'before', sentBack });
  return line?.kind === 'line' ? line.value : line?.reason;
}

const question = 'Why is the sky blue?';
const whole = `${context}\n\n${question}`;
const answer = 'Air scatters blue light more than red.';
const user = { role: 'user', content: whole };
const assistant = { role: 'assistant', content: answer };

describe('the source of a question, before it', () => {
  it.each<[ExportFormat, object]>([
    ['openai', { messages: [user, assistant] }],
    ['axolotl', { messages: [user, assistant] }],
    ['trl', { prompt: [user], completion: [assistant] }],
    ['kto', { prompt: [user], completion: [assistant], label: true }],
    ['prompt-completion', { prompt: whole, completion: answer }],
    ['sharegpt', { conversations: [{ from: 'human', value: whole }, { from: 'gpt' }] }],
    ['sharegpt-kto', { conversations: [{ from: 'human', value: whole }, { from: 'gpt' }] }],
    ['alpaca', { instruction: question, input: context, output: answer }],
  ])("stands in the user's message of %s", (format, expected) => {
    expect(made(asked('sft'), format)).toMatchObject(expected);
  });

  const asks = `${context}\n\nIs glass a liquid?`;

  it.each<[ExportFormat, object]>([
    ['dpo', { prompt: [{ role: 'user', content: asks }] }],
    ['openai-dpo', { input: { messages: [{ content: asks }] } }],
    ['axolotl-dpo', { messages: [{ content: asks }] }],
    ['sharegpt-dpo', { conversations: [{ from: 'human', value: asks }] }],
    ['sharegpt', { conversations: [{ from: 'human', value: asks }] }],
    ['alpaca', { instruction: 'Is glass a liquid?', input: context }],
  ])('leads the prompt of a pair in %s', (format, expected) => {
    expect(made(asked('dpo'), format)).toMatchObject(expected);
  });

  it('leads both sides of a pair of the review history, which stay one prompt', () => {
    const sentBack = [{ prompt: question, answer: 'Because of the sea.' }];
    const rejected = [{ role: 'assistant', content: 'Because of the sea.' }];
    expect(made(asked('sft'), 'dpo', sentBack)).toEqual({ prompt: [user], chosen: [assistant], rejected });
  });

  it('is said once: in the turn of the question, after what was said before it', () => {
    const history = [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Good day' },
    ];
    const messages = [...history, user, assistant];
    expect(made(asked('sft', { context, history }), 'openai')).toEqual({ messages });
    expect(made(asked('conversation'), 'openai')).toMatchObject({
      messages: [
        { content: `${context}\n\nWhat is an ion?` },
        { role: 'assistant' },
        { content: 'Charged how?' },
        { role: 'assistant' },
      ],
    });
    expect(made(asked('conversation'), 'alpaca')).toMatchObject({
      ...{ instruction: 'Charged how?', input: '' },
      history: [[`${context}\n\nWhat is an ion?`, 'A charged atom or molecule.']],
    });
  });

  it('is the passages, too, numbered as the writer was shown them', () => {
    const passages = [{ title: 'Sky', text: 'It is blue.' }, { text: 'Air scatters.' }];
    expect(made(asked('sft', { context, passages }), 'alpaca')).toMatchObject({
      instruction: question,
      input: `${context}\n\n[1] Sky\nIt is blue.\n\n[2]\nAir scatters.`,
    });
  });
});

it('a question that brings no source, and an export that does not ask for it, have the question alone', () => {
  const bare = { messages: [{ role: 'user', content: question }, assistant] };
  expect(made(asked('sft', {}), 'openai')).toEqual(bare);
  expect(exportLines(asked('sft'), 'openai')).toMatchObject([{ value: bare }]);
});
