import { expect, it } from 'vitest';
import type { Asked } from '../../../src/features/questions/question-record.ts';
import { reportDuplicates } from '../../../src/features/questions/report-duplicates.ts';
import { givenHash } from '../../../src/stages/question-parts/parts.ts';
import { questionOf } from '../../support/stage/stage-fixtures.ts';

type Row = Readonly<{ text: string; reference?: string; answer?: string; id?: string }>;

async function toldOf(...rows: readonly Row[]) {
  async function* supply(): AsyncGenerator<Asked> {
    for (const { text, reference, answer, id } of rows)
      yield {
        question: questionOf({
          text,
          ...(reference === undefined ? {} : { reference }),
          ...(answer === undefined ? {} : { given: { sha256: givenHash({ answer }), by: '' } }),
        }),
        ...(id === undefined ? {} : { id }),
      };
  }
  const told: string[] = [];
  let count = 0;
  for await (const _ of reportDuplicates(supply(), (text) => told.push(text))) count += 1;
  return { told, count };
}

it('a question that comes again with another reference is counted and named: the first reference counts', async () => {
  const rows = [
    { text: 'A?', reference: 'a' },
    { text: 'B?', reference: 'b' },
    { text: 'a?', reference: 'c' },
    { text: 'A?', reference: 'd' },
    { text: 'B?', reference: 'b' },
  ];
  expect(await toldOf(...rows)).toEqual({
    count: 5,
    told: ['2 questions came again with another reference answer: the first one counts. One of them: a?'],
  });
});

it('a question that comes again with another answer to judge is counted and named: each answer is judged', async () => {
  const rows = [
    { text: 'A?', answer: 'a' },
    { text: 'a?', answer: 'b' },
    { text: 'A?', answer: 'a' },
    { text: 'B?', answer: 'a' },
  ];
  expect(await toldOf(...rows)).toEqual({
    count: 4,
    told: [
      '1 question came again with another answer: each answer is judged by itself, and each good one becomes an example. One of them: a?',
    ],
  });
});

it('an id that stands on another question too is counted and named', async () => {
  const rows = [
    { text: 'A?', id: 'q1' },
    { text: 'B?', id: 'q1' },
    { text: 'C?', id: 'q2' },
    { text: 'a?', id: 'q1', answer: 'b' },
  ];
  expect(await toldOf(...rows)).toEqual({
    count: 4,
    told: [
      '1 row has the id of another question: each question is asked, and keeps that id. One such id: q1',
    ],
  });
});

it('nothing is told of the same again, or of questions without a reference, an answer or an id', async () => {
  const rows = [
    { text: 'A?', reference: 'a', id: '1' },
    { text: 'A?', reference: 'a', id: '1' },
    { text: 'A?' },
    { text: 'A?', id: '2' },
    { text: 'B?' },
  ];
  expect(await toldOf(...rows)).toEqual({ count: 5, told: [] });
});
