import { describe, expect, it } from 'vitest';
import {
  destinationOf,
  type ExportFlags,
  exportContradictionIn,
  versionDestinationOf,
} from '../../../src/features/dataset/export-flags.ts';
import { laneName } from '../../../src/features/replay/replay-flags.ts';
import { parseSplit } from '../../../src/stages/dataset/split.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';

const flags = (given: Partial<ExportFlags>): ExportFlags => given;

describe('where an export goes', () => {
  it.each<[Partial<ExportFlags>, string, string, string]>([
    [{}, 'data.jsonl', 'data.jsonl', 'jsonl'],
    [{}, 'data.parquet', 'data.parquet', 'parquet'],
    [{}, 'data.txt', 'data.txt', 'jsonl'],
    [{ fileType: 'parquet' }, 'dir/data.jsonl', 'dir/data.parquet', 'parquet'],
    [{ split: '90/10' }, 'dir/data.jsonl', 'dir/data', 'jsonl'],
    [{ split: '90/10' }, 'dir/data', 'dir/data', 'jsonl'],
    [{ split: '90/10' }, 'data.parquet', 'data', 'parquet'],
  ])('%j and --out %s: %s as %s', (given, out, path, fileType) => {
    const destination = destinationOf(flags(given), { out, format: 'openai', license: undefined }, false);
    expect([destination.out, destination.fileType]).toEqual([path, fileType]);
  });
});

describe('where a version goes that is made again', () => {
  it.each<[Partial<ExportFlags>, string, 'jsonl' | 'parquet', string, string]>([
    [{}, 'dataset.jsonl', 'parquet', 'dataset.parquet', 'parquet'],
    [{ out: 'v1-again' }, 'v1-again', 'jsonl', 'v1-again', 'jsonl'],
    [{ out: 'v1-again' }, 'v1-again', 'parquet', 'v1-again.parquet', 'parquet'],
    [{ out: 'v1.parquet' }, 'v1.parquet', 'jsonl', 'v1.parquet', 'parquet'],
    [{ out: 'v1.jsonl' }, 'v1.jsonl', 'parquet', 'v1.jsonl', 'jsonl'],
    [{ out: 'v1.parquet', fileType: 'jsonl' }, 'v1.parquet', 'parquet', 'v1.jsonl', 'jsonl'],
  ])('%j and --out %s, of %s: %s as %s', (given, out, requested, path, fileType) => {
    const settings = { out, format: 'openai', license: undefined };
    const request = { ...{ lane: MAIN_LANE, filter: {} }, format: 'record', fileType: requested };
    const destination = versionDestinationOf(flags(given), settings, request, false);
    expect(destination).toMatchObject({ out: path, fileType, format: 'record' });
  });

  it('is a directory where the version has parts, in the format that is asked for', () => {
    const settings = { out: 'v1.parquet', format: 'openai', license: undefined };
    const split = parseSplit('90/10');
    const request = {
      ...{ lane: MAIN_LANE, filter: {} },
      format: 'record',
      fileType: 'jsonl',
      split,
    } as const;
    const given = flags({ out: 'v1.parquet', format: 'kto' });
    expect(versionDestinationOf(given, settings, request, false)).toMatchObject({
      ...{ out: 'v1', fileType: 'parquet', format: 'kto', split },
    });
  });
});

describe('flags that contradict each other', () => {
  it.each<[Partial<ExportFlags>, string | undefined]>([
    [{ split: '90/10', minScore: 8 }, undefined],
    [{ since: 'v1', asVersion: 'v2' }, undefined],
    [{ version: 'v1', format: 'kto', fileType: 'parquet' }, undefined],
    [{ rejected: true, since: 'v1' }, '--rejected'],
    [{ rejected: true, version: 'v1' }, '--rejected'],
    [{ version: 'v1', topic: 'physics' }, '--version v1'],
    [{ version: 'v1', contextTurn: 'none' }, '--version v1'],
    [{ version: 'v1', asVersion: 'v2' }, '--version v1'],
    [{ version: 'v1', lane: laneName('other') }, '--version v1'],
    [{ version: 'v1', lane: MAIN_LANE }, '--version v1'],
    [{ asVersion: 'v1', lane: laneName('other') }, undefined],
    [{ splitBy: 'topic' }, '--split-by topic needs --split'],
    [{ splitBy: 'source', split: '90/10', asVersion: 'v1' }, '--split-by'],
    [{ splitBy: 'topic', split: '90/10' }, undefined],
    [{ distractors: 3, format: 'rag' }, undefined],
    [{ distractors: 3, format: 'openai' }, '--distractors'],
    [{ distractors: 3, format: 'rag', asVersion: 'v1' }, '--distractors'],
  ])('%j -> %s', (given, told) => {
    const contradiction = exportContradictionIn(flags(given));
    expect(contradiction?.startsWith(told ?? '')).toBe(told === undefined ? undefined : true);
  });
});
