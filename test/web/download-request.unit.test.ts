import { describe, expect, it } from 'vitest';
import type { Version } from '../../src/features/dataset/http/version-schemas.ts';
import { MAIN_LANE } from '../../src/stages/lanes/lane.ts';
import {
  type DownloadRequest,
  downloadParams,
  fileNameIn,
  partsOffered,
  versionWords,
  withVersion,
} from '../../web/src/features/dataset/download-request.ts';

const WHOLE: Version = {
  ...{ name: 'v1', createdAt: '2026-11-01T08:00:00Z', lane: MAIN_LANE, format: 'openai', fileType: 'jsonl' },
  ...{ filter: {}, files: [], parts: [], examples: 2, lines: 2, simulated: 0, costUsd: 0.5, unpriced: 0 },
};
const HALVES: Version = { ...WHOLE, name: 'v2', parts: ['train', 'test'] };
const REQUEST: DownloadRequest = {
  ...{ fileType: 'parquet', version: undefined, part: undefined, split: '90/10' },
  skipMarks: false,
};

describe('a request for a download', () => {
  it('names lane, part and shares, and no shares for the whole', () => {
    const whole = { lane: 'main', format: 'trl', fileType: 'parquet', part: undefined, split: undefined };
    expect(downloadParams(REQUEST, 'main', 'trl')).toEqual(whole);
    const train = { ...whole, part: 'train', split: '90/10' };
    expect(downloadParams({ ...REQUEST, part: 'train' }, 'main', 'trl')).toEqual(train);
    expect(downloadParams({ ...REQUEST, skipMarks: true }, 'main', 'trl')).toEqual({
      ...whole,
      skipMarks: 'true',
    });
  });

  it('leaves lane and shares to a version', () => {
    const request = withVersion({ ...REQUEST, part: 'test' }, HALVES);
    const query = { version: 'v2', part: 'test', format: 'trl', fileType: 'parquet' };
    expect(downloadParams(request, 'main', 'trl')).toEqual(query);
  });

  it('keeps its part where the version has one of that name', () => {
    const partWith = (part: DownloadRequest['part'], version: Version | undefined) =>
      withVersion({ ...REQUEST, part }, version).part;
    expect(partWith('test', HALVES)).toBe('test');
    expect(partWith('validation', HALVES)).toBe('train');
    expect(partWith(undefined, HALVES)).toBe('train');
    expect(partWith('test', WHOLE)).toBe(undefined);
    expect(partWith('test', undefined)).toBe('test');
  });

  it('is offered the whole unless the version is in parts', () => {
    expect(partsOffered({ version: undefined })).toEqual(['all', 'train', 'validation', 'test']);
    expect(partsOffered({ version: WHOLE })).toEqual(['all']);
    expect(partsOffered({ version: HALVES })).toEqual(['train', 'test']);
  });
});

it('A file has the name that the server gives it', () => {
  expect(fileNameIn('attachment; filename="v1-train.jsonl"')).toBe('v1-train.jsonl');
  expect(fileNameIn(null)).toBe('dataset');
});

it('A version is told by its format, lane, beginning and filters', () => {
  expect(versionWords(WHOLE)).toBe('openai as jsonl · lane main');
  expect(versionWords({ ...WHOLE, since: 'v0', filter: { topic: 'physics', minScore: 8 } })).toBe(
    'openai as jsonl · lane main · since v0 · topic physics · minScore 8',
  );
});
