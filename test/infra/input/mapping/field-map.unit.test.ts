import { describe, expect, it } from 'vitest';
import { fieldMapOf, mapOfFlag } from '../../../../src/infra/input/mapping/field-map.ts';
import { likelyMeant } from '../../../../src/infra/input/mapping/recognise.ts';
import { entriesOf, failureOf, streamOf } from '../reading.ts';

const read = (rows: readonly unknown[], map: string) =>
  entriesOf('-', {
    stdin: streamOf(rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
    map: mapOfFlag(map),
    from: 'question',
  });

describe('--map', () => {
  it('takes parts of the question from columns, paths, several columns and constants', async () => {
    const row = {
      title: 'Why?',
      body: 'Tell me.',
      meta: { by: [{ name: 'Ann' }] },
      src: 'x',
      'a.b': 'dotted',
    };
    const map = "question=title+body,topic='law, old',id=meta.by[0].name,context=a.b";
    expect(await read([row], map)).toMatchObject([
      {
        question: { text: 'Why?\n\nTell me.', topic: 'law, old', context: 'dotted' },
        id: 'Ann',
        metadata: { meta: { by: [{ name: 'Ann' }] }, src: 'x' },
      },
    ]);
  });

  it('replaces what was recognised for the targets that it names, and nothing else', async () => {
    const row = { instruction: 'Why?', better: 'How?', output: 'So.' };
    expect(await read([row], 'question=better')).toMatchObject([
      { question: { text: 'How?' }, metadata: { answer: 'So.' } },
    ]);
  });

  it('finds the columns of a table as its header has them, in any letter case', async () => {
    const table = 'Frage;Question;Topic;ANSWER\nWarum?;Why?;law;So.\n';
    const entries = await entriesOf('-', {
      stdin: streamOf(table),
      map: mapOfFlag('question=Frage,topic=Topic,answer=answer'),
      from: 'question',
    });
    expect(entries).toMatchObject([
      { question: { text: 'Warum?', topic: 'law' }, metadata: { answer: 'So.' } },
    ]);
    expect(entries[0]).not.toHaveProperty('metadata.ANSWER');
  });

  it('takes a column whose name holds signs of the map in double quotes, as look and messages write it', async () => {
    const row = { 'Q+A': 'Why?', 'Answer, short (A+B)': 'So.', "it's": 'x' };
    const map = `question="Q+A",answer="Answer, short (A+B)",topic="it's"`;
    expect(await read([row], map)).toMatchObject([
      { question: { text: 'Why?', topic: 'x' }, metadata: { answer: 'So.' } },
    ]);
    const failure = await failureOf(read([row], 'question="Q+B"'));
    expect(failure.message).toContain('question="Q+B"');
    expect(likelyMeant(Object.keys(row))).toBe('answer="Answer, short (A+B)"');
  });

  it('takes a path before a column in another letter case, which stays as it is', async () => {
    const row = { q: { text: 'Why?' }, 'Q.Text': 'mine' };
    expect(await read([row], 'question=q.text')).toMatchObject([
      { question: { text: 'Why?' }, metadata: { 'Q.Text': 'mine' } },
    ]);
  });

  it('brings answers and own fields', async () => {
    const [entry] = await read([{ q: 'Why?', a: 'So.', lvl: 3 }], 'question=q,answer=a,fields.level=lvl');
    expect(entry).toMatchObject({
      brought: { kind: 'answer', answer: 'So.' },
      question: { fields: { level: 3 } },
    });
  });

  it('is refused where no row has the column, with those that came', async () => {
    const failure = await failureOf(read([{ q: 'Why?' }], 'question=qq'));
    expect(failure.code).toBe('input_unrecognised');
    expect(failure.message).toContain('no such column (--map question=qq); came the column "q"');
  });

  it('may name a column that only some rows have', async () => {
    const rows = [{ q: 'A?' }, { q: 'B?', note: 'n' }];
    expect(await read(rows, 'question=q,context=note')).toMatchObject([
      { question: { text: 'A?', context: '' } },
      { question: { text: 'B?', context: 'n' } },
    ]);
  });

  it.each([
    ['qestion=q', /unknown target "qestion"/],
    ['question=', /question: expected a column/],
    ['question', /question: expected a column/],
    ['fields.a b=c', /unknown target/],
  ])('is refused as %s', (text, message) => {
    expect(() => fieldMapOf(mapOfFlag(text))).toThrow(message);
  });

  it('is refused where a target is named twice, in one flag or in two', () => {
    const said = /expected each target once, came question=a and question=b; \+ joins columns/;
    expect(() => mapOfFlag('question=a,question=b')).toThrow(said);
    expect(() => mapOfFlag('question=a,topic=t', 'question=b')).toThrow(said);
    expect(mapOfFlag('question=a', 'topic=t')).toEqual({ question: 'a', topic: 't' });
  });

  it('joins what is no text as JSON, and long numbers by their digits', async () => {
    const text = '{"a":"Why?","b":{"x":1},"c":["l","m"],"n":12345678901234567890}\n';
    const map = mapOfFlag('question=a+b+c+n');
    const [entry] = await entriesOf('-', { stdin: streamOf(text), map, from: 'question' });
    const joined = 'Why?\n\n{"x":1}\n\n["l","m"]\n\n12345678901234567890';
    expect(entry).toMatchObject({ question: { text: joined } });
  });

  it('takes a number as an answer, and leaves what is none among the own fields', async () => {
    const rows = [
      { q: 'How many?', a: 42 },
      { q: 'Which?', a: { best: 'this' } },
    ];
    expect(await read(rows, 'question=q,answer=a')).toMatchObject([
      { brought: { kind: 'answer', answer: '42' }, metadata: { answer: '42' } },
      { metadata: { a: { best: 'this' } } },
    ]);
  });
});
