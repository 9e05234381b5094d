import { describe, expect, it } from 'vitest';
import { RowMapper } from '../../../../src/infra/input/mapping/row-mapper.ts';
import { LongNumber } from '../../../../src/stages/text/parse-exact.ts';
import { options } from '../reading.ts';

const place = { line: 7, label: '', text: '{…}' };
const parse = (value: unknown) => {
  const mapper = new RowMapper('a.jsonl', { ...options, atOnce: true });
  const [entry] = mapper.push({ kind: 'row', entry: place, value });
  if (entry === undefined) throw new TypeError('expected an entry, came none');
  return entry;
};
const reason = (value: unknown) => {
  const entry = parse(value);
  return entry.kind === 'bad' ? entry.reason : 'no reason: it is a question';
};
const withQuestion = (fields: object) => ({ question: 'Why?', ...fields });

describe('a row by our own names', () => {
  it('fills what an entry leaves open from the defaults', () => {
    const question = {
      text: 'Why?',
      context: '',
      topic: 'chemistry',
      subTopic: 'acids',
      trainingType: 'sft',
    };
    expect(parse({ question: ' Why? ', topic: null, sub_topic: '' })).toEqual({
      kind: 'question',
      question,
      line: 7,
    });
    expect(parse('Why?')).toEqual({ kind: 'question', question, line: 7 });
  });

  it.each([
    { question: 'Why?', context: 'Because.', topic: 'law', sub_topic: 'tort', training_type: 'dpo' },
    { question: 'Why?', context: 'Because.', topic: 'law', subTopic: 'tort', trainingType: 'dpo' },
  ])('takes the fields of %j', (fields) => {
    const question = {
      text: 'Why?',
      context: 'Because.',
      topic: 'law',
      subTopic: 'tort',
      trainingType: 'dpo',
    };
    expect(parse(fields)).toMatchObject({ question });
  });

  it('has one budget of characters for its context and its passages', () => {
    const half = 'x'.repeat(200_000);
    expect(parse(withQuestion({ context: half, passages: [half] }))).toMatchObject({ kind: 'question' });
    expect(reason(withQuestion({ context: half, passages: [half, 'y'] }))).toBe(
      'passages: expected at most 400,000 characters of context and passages together, came 400,001',
    );
  });

  it('keeps the id as text and the fields it does not know as metadata', () => {
    const entry = parse(withQuestion({ id: 17, source: 'book', metadata: { page: 3, source: 'lecture' } }));
    expect(entry).toMatchObject({ id: '17', metadata: { page: 3, source: 'lecture' } });
    expect(parse(withQuestion({ id: ' x ' }))).toMatchObject({ id: 'x' });
    expect(parse(withQuestion({ id: '' }))).not.toHaveProperty('id');
    expect(parse(withQuestion({ id: 1 }))).not.toHaveProperty('metadata');
  });

  it('keeps the digits of a number that JavaScript would round', () => {
    const number = new LongNumber('1234567890123456789');
    const entry = parse(
      withQuestion({ id: number, tweet: number, metadata: { row: { keys: [number, 7] } } }),
    );
    expect(entry).toMatchObject({
      id: '1234567890123456789',
      metadata: { tweet: '1234567890123456789', row: { keys: ['1234567890123456789', 7] } },
    });
  });

  it('gives nobody a way to the prototype of the metadata', () => {
    for (const fields of ['"__proto__": {"admin": true}', '"metadata": {"__proto__": {"admin": true}}']) {
      const entry = parse(JSON.parse(`{"question": "Why?", ${fields}}`));
      expect(entry).toMatchObject({ kind: 'bad', reason: expect.stringContaining('one named __proto__') });
    }
    const deeper = parse(
      JSON.parse('{"question": "Why?", "metadata": {"a": {"__proto__": {"admin": true}}}}'),
    );
    expect(JSON.stringify(deeper)).toContain('"metadata":{"a":{"__proto__":{"admin":true}}}');
  });

  it('keeps the second name of a field that came under both', () => {
    const entry = parse(withQuestion({ sub_topic: 'tort', subTopic: 'contract' }));
    expect(entry).toMatchObject({ question: { subTopic: 'tort' }, metadata: { subTopic: 'contract' } });
  });

  it.each([
    [{ question: '  ' }, 'question: the question is empty'],
    [{ question: 'x'.repeat(20_001) }, 'question: expected at most 20,000 characters, came 20,001'],
    [{ question: 5 }, 'question: expected text, came a number'],
    [{ question: null }, 'question: expected text, came nothing'],
    [{ question: 'Why \ud800?' }, 'question: expected whole characters, came half of a surrogate pair'],
    [
      withQuestion({ context: '\udc00' }),
      'context: expected whole characters, came half of a surrogate pair',
    ],
    [withQuestion({ topic: 'a\ud83d' }), 'topic: expected whole characters, came half of a surrogate pair'],
    [
      withQuestion({ sub_topic: '\udfff!' }),
      'sub_topic: expected whole characters, came half of a surrogate pair',
    ],
    [withQuestion({ id: 'tweet \ud83d' }), 'id: expected whole characters, came half of a surrogate pair'],
    [
      withQuestion({ metadata: { by: ['a', { name: '\ud83d' }] } }),
      'metadata: expected whole characters, came half of a surrogate pair',
    ],
    [
      withQuestion({ 'by \ud83d': 1 }),
      'other fields: expected whole characters, came half of a surrogate pair',
    ],
    [{ question: new LongNumber('1234567890123456789') }, 'question: expected text, came a number'],
    [
      new LongNumber('1234567890123456789'),
      'expected a question or an object with the field "question", came a number',
    ],
    [{ text: 'a', query: 'b' }, 'expected the field "question", came the fields "text", "query"'],
    [{}, 'expected the field "question", came no fields'],
    [withQuestion({ context: ['a'] }), 'context: expected text, came an array'],
    [withQuestion({ topic: 't'.repeat(201) }), 'topic: expected at most 200 characters, came 201'],
    [
      withQuestion({ training_type: 'rlhf' }),
      'training_type: expected one of sft, reasoning, conversation, dpo, tool-calls, came "rlhf"',
    ],
    [
      withQuestion({ training_type: 'tool-calls', tools: [] }),
      'tools: expected tools that the assistant may call, for the training type tool-calls, came none',
    ],
    [withQuestion({ trainingType: 3 }), 'training_type: expected text, came a number'],
    [withQuestion({ id: true }), 'id: expected text or a number, came a boolean'],
    [
      withQuestion({ id: 2 ** 60 }),
      'id: expected a number of at most 15 digits, or text, came a longer number',
    ],
    [withQuestion({ id: 'i'.repeat(1_001) }), 'id: expected at most 1,000 characters, came 1,001'],
    [withQuestion({ metadata: 'a' }), 'metadata: expected an object, came text'],
    [withQuestion({ metadata: [] }), 'metadata: expected an object, came an array'],
    [
      withQuestion({ fields: { 'a b': 1 } }),
      'fields: expected names of letters, digits and _, at most 64 long, came "a b"',
    ],
    [
      { question: '', id: true },
      'question: the question is empty; id: expected text or a number, came a boolean',
    ],
    [
      [],
      'expected a question or an object with the field "question", came an array (a list names no columns: write each row as an object)',
    ],
    [null, 'expected a question or an object with the field "question", came nothing'],
  ])('says what is wrong with an entry, case %#', (value, expected) => {
    expect(reason(value)).toBe(expected);
  });

  it('refuses metadata that is nested so deep that writing it would fail', () => {
    const deep = JSON.parse(
      `{"question": "Why?", "metadata": {"a": ${'['.repeat(5_000)}${']'.repeat(5_000)}}}`,
    );
    expect(reason(deep)).toBe('metadata: expected at most 32 levels, came more');
    const other = JSON.parse(`{"question": "Why?", "a": ${'['.repeat(5_000)}${']'.repeat(5_000)}}`);
    expect(reason(other)).toBe('other fields: expected at most 32 levels, came more');
  });

  it('keeps a reason short, however many and long the names of the fields are', () => {
    const fields = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, index) => [`${index}`.repeat(500), 1]),
    );
    expect(reason(fields).length).toBeLessThan(700);
    expect(reason(fields)).toContain('and 990 more');
  });
});
