import { type Document, MaxKey, MinKey } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { wideScans } from './wide-scans.ts';

const ALL = ['[MinKey, MaxKey]'];
const MAIN = ['["main", "main"]'];
const scan = (indexBounds: Document) => ({ stage: 'IXSCAN', indexName: 'some', indexBounds });
const fetch = (inputStage: Document, filter?: Document) => ({
  ...{ stage: 'FETCH', inputStage },
  ...(filter === undefined ? {} : { filter }),
});
const limit = (inputStage: Document) => ({ stage: 'LIMIT', inputStage });
const lane = scan({ lane: MAIN, at: ALL });
const since = { at: ['(new Date(1), new Date(9223372036854775807)]'] };

describe('a scan of an index', () => {
  it.each<[string, Document]>([
    ['a key', scan({ questionId: ['["q1", "q1"]'] })],
    ['a time beside the lane', scan({ lane: MAIN, ...since })],
    ['the ids of a question', scan({ _id: ['["main/q1/", "main/q1/\u{10ffff}")'] })],
    ['a limit, in the order of the index', limit(fetch(lane))],
    ['a count up to a time', { stage: 'COUNT_SCAN', indexBounds: countOf({ at: 1 }, { at: 2 }) }],
    ['no value twice', { stage: 'DISTINCT_SCAN', indexBounds: { lane: ALL } }],
  ])('is none that grows where it is bounded: by %s', (_, winningPlan) => {
    expect(wideScans({ winningPlan, rejectedPlans: [] })).toEqual([]);
  });

  it.each<[string, Document, string]>([
    ['all of it', scan({ lane: ALL, at: ALL }), ''],
    ['all of it, backwards', scan({ at: ['[MaxKey, MinKey]'] }), ''],
    ['all of it for what stands behind', scan({ lane: ALL, ...since }), 'at'],
    ['a lane', fetch(lane), 'lane'],
    ['a source', fetch(scan({ source: ['["docs", "docs"]'], path: ALL })), 'source'],
    ['a lane in several parts', { stage: 'OR', inputStages: [scan({ _id: ['["a", "a"]'] }), lane] }, 'lane'],
    ['a lane, whatever a limit takes of it after a filter', limit(fetch(lane, { why: 'x' })), 'lane'],
    ['a lane that is sorted', limit({ stage: 'SORT', inputStage: lane }), 'lane'],
    ['the ids of a lane', scan({ _id: ['["main/", "main0")'] }), '_id'],
    ['as it stands in a plan of slots', { queryPlan: fetch(lane) }, 'lane'],
    [
      'a count of a lane',
      { ...{ stage: 'COUNT_SCAN', indexName: 'some' }, indexBounds: countOf(endOf(MinKey), endOf(MaxKey)) },
      'lane',
    ],
  ])('is one that grows where little bounds it: %s', (_, winningPlan, fields) => {
    expect(wideScans({ winningPlan, rejectedPlans: [] })).toEqual([`IXSCAN some (${fields})`]);
  });

  it('is none where a key could be looked up instead, and one where the other way is a range', () => {
    const winningPlan = fetch(lane);
    expect(wideScans({ winningPlan, rejectedPlans: [scan({ _id: ['["a", "a"]', '["b", "b"]'] })] })).toEqual(
      [],
    );
    expect(wideScans({ winningPlan, rejectedPlans: [scan({ lane: MAIN, ...since })] })).toHaveLength(1);
  });
});

function countOf(from: Document, to: Document): Document {
  return { startKey: { lane: 'main', ...from }, endKey: { lane: 'main', ...to } };
}

function endOf(End: typeof MinKey | typeof MaxKey): Document {
  return { at: new End() };
}
