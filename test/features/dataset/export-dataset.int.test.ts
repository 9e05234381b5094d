import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportDataset } from '../../../src/features/dataset/export-dataset.ts';
import {
  contextTurnReport,
  exportReport,
  isWithoutExample,
  scoreReport,
} from '../../../src/features/dataset/export-report.ts';
import { parseSplit } from '../../../src/stages/dataset/split.ts';
import type { Example } from '../../../src/stages/example.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import type { DatasetQuery, DatasetRow } from '../../../src/stages/store/store.ts';
import { emptyDirectory } from '../../infra/export/workspace.ts';
import { exampleOf } from '../../stages/formats/fixtures.ts';

const approved = (
  questionId: string,
  run?: string,
  position = 0,
  more: Partial<Example> = {},
): DatasetRow => ({
  example: exampleOf('sft', { questionId, ...more }),
  submission: run === undefined ? undefined : { run, position },
});

function rejected(
  questionId: string,
  position: number,
  score: number,
  more: Partial<Example> = {},
): DatasetRow {
  const row = approved(questionId, 'run-1', position);
  const review = { ...row.example.review, score, verdict: 'rejected' as const };
  const usage = { input: 0, output: 0, cached: 0, reasoning: 0 };
  const work = { stage: 'review', revision: 0, model: 'm', recipe: 'r', usage, costUsd: null, calls: 1 };
  return { ...row, example: { ...row.example, review, provenance: [work], ...more } };
}

/** Reports that hold these rows, in the order of arrival. */
function reportsOf(rows: Readonly<{ approved?: readonly DatasetRow[]; rejected?: readonly DatasetRow[] }>) {
  return {
    reports: {
      async *dataset({ verdict }: DatasetQuery) {
        yield* rows[verdict] ?? [];
      },
      candidates: async () => new Map(),
    },
  };
}

async function exported(rows: Parameters<typeof reportsOf>[0], more: object = {}) {
  const out = join(await emptyDirectory(), 'out.jsonl');
  const destination = { out, format: 'record', fileType: 'jsonl', simulated: false } as const;
  const query = { lane: MAIN_LANE, verdict: 'approved' } as const;
  const store = reportsOf(rows) as unknown as Parameters<typeof exportDataset>[0];
  const result = await exportDataset(store, { ...destination, query, ...more });
  const text = await readFile(out, 'utf8').catch(() => '');
  const examples: Example[] = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  return { ...result, ids: examples.map(({ questionId }) => questionId), examples };
}

describe('an export of a lane', () => {
  it('is in the order of the input, run after run; what nobody is known to have asked comes last', async () => {
    const rows = [
      approved('late', 'run-2', 0),
      approved('unknown'),
      approved('third', 'run-1', 10),
      approved('second', 'run-1', 2),
      approved('first', 'run-1', 0),
    ];
    expect((await exported({ approved: rows })).ids).toEqual(['first', 'second', 'third', 'late', 'unknown']);
  });
});

describe('--min-score', () => {
  const rows = {
    approved: [approved('best', 'run-1', 3)],
    rejected: [rejected('good', 1, 8), rejected('poor', 0, 5), rejected('fair', 2, 7)],
  };

  it('lowered, brings what a run’s threshold had rejected, in its place, with no call, and says so', async () => {
    const { ids, passing, examples } = await exported(rows, { filter: { minScore: 7 } });
    expect(ids).toEqual(['good', 'fair', 'best']);
    expect(examples[0]?.review).toMatchObject({ verdict: 'approved', score: 8 });
    expect(scoreReport({ minScore: 7 }, { passing })).toEqual([
      'The stored scores decide what reaches 7: no model was asked. 2 examples of it had been rejected by the threshold of a run.',
    ]);
  });

  it('raised, leaves out what does not reach it', async () => {
    expect((await exported(rows, { filter: { minScore: 7.5 } })).ids).toEqual(['good', 'best']);
  });

  it('brings nothing that a person rejected, or another stage', async () => {
    const { review, provenance } = rejected('by-hand', 0, 9).example;
    const byHand = rejected('by-hand', 0, 9, { review: { ...review, reviewer: 'Ann', judged: 'approved' } });
    const [work] = provenance;
    const byStage = rejected('by-stage', 1, 9, {
      provenance: work === undefined ? [] : [work, { ...work, stage: 'fact-check' }],
    });
    const { ids } = await exported({ rejected: [byHand, byStage] }, { filter: { minScore: 7 } });
    expect(ids).toEqual([]);
  });
});

describe('an export without an example', () => {
  it.each([
    ['a file', undefined],
    ['parts', parseSplit('90/5/5')],
  ] as const)(
    'into %s that was not there says so, and the exit code that the help names',
    async (_what, split) => {
      const made = await exported(
        {},
        split === undefined ? {} : { out: join(await emptyDirectory(), 'd'), split },
      );
      expect(isWithoutExample(made)).toBe(true);
      expect(exportReport(made, false)).toContain('No example to write, so the exit code is 6.');
      const some = await exported({ approved: [approved('q', 'run-1')] });
      expect(isWithoutExample(some)).toBe(false);
      expect(exportReport(some, false).join()).not.toContain('exit code');
    },
  );
});

it('--context-turn, where the format has places of its own for the source, is said to change nothing', () => {
  expect(contextTurnReport('before', 'columns').join()).toMatch(/changes nothing in columns/);
  expect(contextTurnReport('before', 'openai')).toEqual([]);
  expect(contextTurnReport(undefined, 'columns')).toEqual([]);
});

describe('parts', () => {
  it('that no example fell into are told of', async () => {
    const out = join(await emptyDirectory(), 'd');
    const made = await exported({ approved: [approved('q', 'run-1')] }, { out, split: parseSplit('98/1/1') });
    const report = exportReport(made, false).join('\n');
    expect(report.match(/is empty: parts go by a hash/g)).toHaveLength(2);
  });

  it.each(['topic', 'source'] as const)('keep together what has one %s', async (splitBy) => {
    const out = join(await emptyDirectory(), 'd');
    const { question } = exampleOf('sft', {});
    const rows = Array.from({ length: 20 }, (_, index) =>
      approved(`q-${index}`, 'run-1', index, {
        question: { ...question, topic: 'law', context: 'The text.' },
      }),
    );
    const { dataset } = await exported({ approved: rows }, { out, split: parseSplit('50/50'), splitBy });
    expect(dataset.files.map(({ lines }) => lines).sort()).toEqual([0, 20]);
  });

  it('of an earlier dataset stay where train would be emptied', async () => {
    const out = join(await emptyDirectory(), 'd');
    const some = Array.from({ length: 20 }, (_, index) => approved(`q-${index}`, 'run-1', index));
    await exported({ approved: some }, { out, split: parseSplit('50/50') });
    const before = await readFile(join(out, 'train.jsonl'), 'utf8');
    const few = { out, split: parseSplit('train=0.001,test=99') };
    const { kept, dataset } = await exported({ approved: [approved('q-1', 'run-1')] }, few);
    expect([kept, dataset.written]).toEqual([{ why: 'empty train' }, 1]);
    expect(await readFile(join(out, 'train.jsonl'), 'utf8')).toBe(before);
  });
});
