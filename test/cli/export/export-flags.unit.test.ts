import { describe, expect, it } from 'vitest';
import { contradictionIn, destinationOf, type ExportFlags } from '../../../src/cli/export/export-flags.ts';
import { MAIN_LANE } from '../../../src/stages/lane.ts';

const flags = (given: Partial<ExportFlags>): ExportFlags => ({ lane: MAIN_LANE, ...given });

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

describe('flags that contradict each other', () => {
  it.each<[Partial<ExportFlags>, string | undefined]>([
    [{ split: '90/10', minScore: 8 }, undefined],
    [{ since: 'v1', asVersion: 'v2' }, undefined],
    [{ version: 'v1', format: 'kto', fileType: 'parquet' }, undefined],
    [{ rejected: true, since: 'v1' }, '--rejected'],
    [{ rejected: true, version: 'v1' }, '--rejected'],
    [{ version: 'v1', topic: 'physics' }, '--version v1'],
    [{ version: 'v1', asVersion: 'v2' }, '--version v1'],
  ])('%j -> %s', (given, told) => {
    const contradiction = contradictionIn(flags(given));
    expect(contradiction?.startsWith(told ?? '')).toBe(told === undefined ? undefined : true);
  });
});
