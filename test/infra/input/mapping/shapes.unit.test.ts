import { describe, expect, it } from 'vitest';
import type { InputOptions, QuestionEntry } from '../../../../src/infra/input/input-entry.ts';
import { entriesOf, failureOf, inShort, streamOf } from '../reading.ts';

/** Rows as JSON lines on standard input. */
const read = (rows: readonly unknown[], given: Partial<InputOptions> = {}) =>
  entriesOf('-', { stdin: streamOf(rows.map((row) => `${JSON.stringify(row)}\n`).join('')), ...given });
const anew = { from: 'question' } as const;

async function only(row: unknown, given: Partial<InputOptions> = anew): Promise<QuestionEntry> {
  const [entry] = await read([row], given);
  if (entry?.kind !== 'question') throw new TypeError(`expected a question, came ${JSON.stringify(entry)}`);
  return entry;
}

const said = (role: string, content: string) => ({ role, content });
const shared = (from: string, value: string) => ({ from, value });

describe('a table with our own names', () => {
  const table = (text: string, given: Partial<InputOptions> = {}) =>
    entriesOf('-', { stdin: streamOf(text), ...given });

  it('brings all parts of a question in any letter case', async () => {
    expect(await table('Question;System;Reference\nWhy?;Be brief.;So.\n')).toMatchObject([
      { question: { text: 'Why?', system: 'Be brief.', reference: 'So.' } },
    ]);
  });

  it('keeps the exact name for what it says where another differs from it in letter case alone', async () => {
    expect(await table('Question;question\nMine?;Why?\n')).toMatchObject([
      { question: { text: 'Why?' }, metadata: { Question: 'Mine?' } },
    ]);
  });

  it.each<[string, string, Partial<InputOptions>]>([
    ['an answer', 'Question;Answer\nWhy?;So.\n', { from: 'answer' }],
    ['a pair', 'Question;Chosen;REJECTED\nWhy?;So.;No.\n', { from: 'pair' }],
  ])('has %s to judge in any letter case', async (_, text, given) => {
    expect(await table(text, given)).toMatchObject([{ question: { given: { candidate: {} } } }]);
  });

  it('has a reference in its answers in any letter case', async () => {
    const given = { from: 'question', reference: 'answer' } as const;
    expect(await table('Question;Answer\nWhy?;So.\n', given)).toMatchObject([
      { question: { reference: 'So.' } },
    ]);
  });
});

describe('the shapes that people have', () => {
  it.each<[string, unknown, string, unknown, unknown?]>([
    ['Alpaca', { instruction: 'Why?', input: '', output: 'So.' }, 'Why?', { answer: 'So.' }],
    [
      'Alpaca with an input, which the user says',
      { instruction: 'Sum up.', input: 'It was.', output: 'Was.', source: 'x' },
      'Sum up.\n\nIt was.',
      { answer: 'Was.', source: 'x' },
    ],
    ['Alpaca without an answer', { instruction: 'Why?', input: '' }, 'Why?', undefined],
    [
      'Alpaca with a history and a system prompt',
      { instruction: 'And B?', output: 'B.', system: 'Be brief.', history: [['A?', 'A.']] },
      'And B?',
      { answer: 'B.' },
      { system: 'Be brief.', history: [said('user', 'A?'), said('assistant', 'A.')] },
    ],
    ['names in capitals', { Instruction: 'Why?', Output: 'So.' }, 'Why?', { answer: 'So.' }],
    ['our own name in capitals', { Question: 'Why?', Level: 3 }, 'Why?', { Level: 3 }],
    [
      'messages',
      { messages: [said('system', 'Be brief.'), said('user', 'Why?'), said('assistant', 'So.')] },
      'Why?',
      { answer: 'So.' },
      { system: 'Be brief.' },
    ],
    [
      'messages of several turns: the last of the user asks',
      {
        messages: [said('user', 'A?'), said('assistant', 'A.'), said('user', 'B?'), said('assistant', 'B.')],
      },
      'B?',
      { answer: 'B.' },
      { history: [said('user', 'A?'), said('assistant', 'A.')] },
    ],
    ['messages that end with the user', { messages: [said('user', 'Why?')] }, 'Why?', undefined],
    [
      'messages of parts',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'Why?' }] }] },
      'Why?',
      undefined,
    ],
    [
      'the request of OpenAI’s preferences',
      {
        input: { messages: [said('user', 'Why?')] },
        preferred_output: [said('assistant', 'Good.')],
        non_preferred_output: [said('assistant', 'Bad.')],
      },
      'Why?',
      { chosen: 'Good.', rejected: 'Bad.' },
    ],
    [
      'ShareGPT',
      { id: 'x1', conversations: [shared('human', 'Why?'), shared('gpt', 'So.')], system: 'Be brief.' },
      'Why?',
      { answer: 'So.' },
      { system: 'Be brief.' },
    ],
    [
      'prompt and completion',
      { prompt: 'Why?', completion: 'So.', label: true },
      'Why?',
      { answer: 'So.', label: true },
    ],
    [
      'prompt and completion as messages',
      { prompt: [said('user', 'Why?')], completion: [said('assistant', 'So.')] },
      'Why?',
      { answer: 'So.' },
    ],
    [
      'pairs of texts',
      { prompt: 'Why?', chosen: 'Good.', rejected: 'Bad.' },
      'Why?',
      { chosen: 'Good.', rejected: 'Bad.' },
    ],
    [
      'pairs of conversations that begin alike',
      {
        prompt: 'Why?',
        chosen: [said('user', 'Why?'), said('assistant', 'Good.')],
        rejected: [said('user', 'Why?'), said('assistant', 'Bad.')],
      },
      'Why?',
      { chosen: 'Good.', rejected: 'Bad.' },
    ],
    [
      'pairs of dialogues in one text',
      {
        chosen: '\n\nHuman: A?\n\nAssistant: A.\n\nHuman: B?\n\nAssistant: Good.',
        rejected: '\n\nHuman: A?\n\nAssistant: A.\n\nHuman: B?\n\nAssistant: Bad.',
      },
      'B?',
      { chosen: 'Good.', rejected: 'Bad.' },
      { history: [said('user', 'A?'), said('assistant', 'A.')] },
    ],
    [
      'our own records',
      {
        v: 1,
        questionId: 'q',
        question: { text: 'Why?', context: '', topic: 'law', subTopic: '', trainingType: 'sft' },
        candidate: { prompt: 'Why?', answer: 'So.' },
        review: {},
        id: '7',
        metadata: { page: 3 },
      },
      'Why?',
      { page: 3, answer: { prompt: 'Why?', answer: 'So.' } },
    ],
  ])('%s', async (_what, row, question, metadata, parts = {}) => {
    const entry = await only(row);
    const { text, context: _1, topic: _2, subTopic: _3, trainingType: _4, ...own } = entry.question;
    expect([text, entry.metadata, own]).toEqual([question, metadata, parts]);
  });

  it('keep their id', async () => {
    expect(await only({ id: 'x1', conversations: [shared('human', 'Why?')] })).toMatchObject({ id: 'x1' });
  });

  it('bring answers apart from the user’s own fields', async () => {
    const pair = await only({ prompt: 'Why?', chosen: 'Good.', rejected: 'Bad.' });
    expect(pair.brought).toMatchObject({ kind: 'pair', chosen: [said('assistant', 'Good.')] });
    const answer = await only({ instruction: 'Why?', output: 'So.' });
    expect(answer.brought).toEqual({ kind: 'answer', answer: 'So.' });
  });

  it('keep calls of tools with their results, however they are written', async () => {
    const call = { name: 'rain', arguments: '{"in":"Rome"}' };
    const openai = await only({
      messages: [
        said('user', 'Rain?'),
        { role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: call }] },
        { role: 'tool', tool_call_id: 'c1', content: 'no' },
        said('assistant', 'No.'),
      ],
    });
    const sharegpt = await only({
      conversations: [
        shared('human', 'Rain?'),
        shared('function_call', JSON.stringify({ name: 'rain', arguments: { in: 'Rome' } })),
        shared('observation', 'no'),
        shared('gpt', 'No.'),
      ],
    });
    const answer = (id: string) => [
      { ...said('assistant', ''), tool_calls: [{ id, ...call }] },
      { ...said('tool', 'no'), tool_call_id: id },
      said('assistant', 'No.'),
    ];
    expect(openai.brought).toEqual({ kind: 'answer', answer: answer('c1') });
    expect(sharegpt.brought).toEqual({ kind: 'answer', answer: answer('call_1') });
  });

  it('are read as whole conversations with --as conversation: the first message of the user asks', async () => {
    const messages = [
      said('user', 'A?'),
      said('assistant', 'A.'),
      said('user', 'B?'),
      said('assistant', 'B.'),
    ];
    const entry = await only({ messages }, { ...anew, as: 'conversation' });
    expect(entry.question).toMatchObject({ text: 'A?', trainingType: 'conversation' });
    expect(entry.brought).toEqual({ kind: 'answer', answer: messages.slice(1) });
  });
});

describe('what an answer is for', () => {
  it('has to be said where rows of other tools bring some', async () => {
    const failure = await failureOf(read([{ instruction: 'Why?', output: 'So.' }], {}));
    expect([failure.kind, failure.code]).toEqual(['fatal', 'input_choice']);
    expect(failure.message).toContain('standard input has answers: --from answer (or pair) judges');
  });

  it('need not be said where there is none, or where the fields are the user’s own', async () => {
    expect(inShort(await read([{ instruction: 'Why?' }], {}))).toEqual(['1 Why?']);
    const [own] = await read([{ question: 'Why?', answer: 'So.' }], {});
    expect(own).toMatchObject({ metadata: { answer: 'So.' } });
  });

  it('is asked for an answer behind rows that have none', async () => {
    const rows = [{ instruction: 'A?' }, { instruction: 'B?', output: 'B.' }];
    const failure = await failureOf(read(rows, {}));
    expect(failure.code).toBe('input_choice');
  });
});

describe('rows that mean nothing', () => {
  it.each<[string, unknown, string]>([
    ['no user', { messages: [said('assistant', 'So.')] }, 'expected a message of the user, came none'],
    [
      'an unknown role',
      { messages: [said('narrator', 'So.')] },
      'message 1: expected a role such as user or assistant, came "narrator"',
    ],
    ['no messages', { messages: 'So.' }, 'expected an array of messages, came text'],
    [
      'a picture',
      { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] },
      'message 1: expected text, came a part of type "image_url"',
    ],
    [
      'a prompt of the assistant',
      { prompt: [said('user', 'A?'), said('assistant', 'A.')], completion: 'B.' },
      'prompt: expected the last message to be the user’s',
    ],
    [
      'an instruction that is no text',
      { instruction: ['Why?'] },
      'instruction: expected text, came an array',
    ],
    [
      'an empty question',
      { prompt: [said('user', ' ')], completion: 'A.' },
      'question: the question is empty',
    ],
    [
      'a history of other things',
      { instruction: 'A?', history: [['B?']] },
      'history: expected an array of [question, answer]',
    ],
    [
      'pairs without a prompt',
      { chosen: 'A.', rejected: 'B.' },
      'expected a prompt, or two conversations that begin with the same messages',
    ],
    [
      'an answer of endless length',
      { prompt: 'A?', completion: 'x'.repeat(200_001) },
      'answer: expected at most 200,000 characters',
    ],
  ])('are bad entries: %s', async (_what, row, reason) => {
    expect(inShort(await read([row], anew))).toEqual([`1 bad: ${reason}`]);
  });

  it('are bad entries where other rows of the input mean something', async () => {
    const rows = [{ text: 'x' }, { prompt: 'A?', completion: 'A.' }, 'B?', { messages: [] }];
    expect(inShort(await read(rows, anew))).toEqual([
      '1 bad: prompt: expected an array of messages, came nothing',
      '2 A?',
      '3 bad: expected an object as in prompt and completion, came text',
      '4 bad: prompt: expected an array of messages, came nothing',
    ]);
  });

  it('are refused as a whole where none means anything, with the columns and what to type', async () => {
    const failure = await failureOf(read([{ q: 'Why?', a: 'So.', src: 'x' }]));
    expect([failure.kind, failure.code]).toEqual(['fatal', 'input_unrecognised']);
    expect(failure.message).toBe(
      'standard input: no known format. Columns: q, a, src. Say which is which: --map question=q,answer=a',
    );
    const text = await failureOf(read([{ text: 'Once upon a time.' }]));
    expect(text.message).toContain('Pre-training text has no question');
    const prompt = await failureOf(read([{ prompt: 'A lake at dawn, oil on canvas' }]));
    expect(prompt.message).toContain('--map question=prompt');
  });
});

describe('an answer that is right', () => {
  it('is the reference of its question, and no part of the user’s own fields', async () => {
    const given = { ...anew, reference: 'answer' } as const;
    const alpaca = await only({ instruction: 'Why?', output: 'So.', level: 3 }, given);
    expect([alpaca.question.reference, alpaca.metadata, alpaca.brought]).toEqual([
      'So.',
      { level: 3 },
      undefined,
    ]);
    const own = await only({ question: 'Why?', answer: 'So.', reference: 'Because.' }, given);
    expect(own.question.reference).toBe('Because.');
    const pair = await only({ prompt: 'Why?', chosen: 'Good.', rejected: 'Bad.' }, given);
    expect(pair.question.reference).toBe('Good.');
  });
});
