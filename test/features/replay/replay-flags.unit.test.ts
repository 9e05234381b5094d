import { describe, expect, it } from 'vitest';
import {
  laneName,
  type ReplayFlags,
  replayMode,
  requestOf,
  stageName,
  statusList,
} from '../../../src/features/replay/replay-flags.ts';
import { parseSettings } from '../../../src/infra/config/load-settings.ts';
import { failureOf } from '../../support/failure-of.ts';

const lane = laneName('second');
const started = { lane, stage: 'review', mode: 'reprocess' } as const;
const request = (flags: Partial<ReplayFlags>, settings = {}) =>
  requestOf({ lane, ...flags }, parseSettings(settings));

describe('the flags of a replay', () => {
  it('mean the one that was started before, where only the lane is named', async () => {
    expect(await request({ json: true, onlyReplay: true })).toEqual({
      name: lane,
      request: undefined,
      changes: {},
    });
  });

  it('mean everything in main, from the beginning to the end, unless they say else', async () => {
    const { request: replay } = await request(started);
    expect(replay).toMatchObject({ source: 'main', topic: '', subTopic: '', status: [] });
    expect(replay).toMatchObject({ from: { kind: 'beginning' }, to: { kind: 'end' } });
  });

  it('change only what the command line names, whatever the configuration says', async () => {
    const settings = { model: 'configured', minScore: 9, maxRevisions: 5 };
    expect((await request(started, settings)).changes).toEqual({});
    expect((await request({ ...started, minScore: '9' }, settings)).changes).toEqual({ minScore: 9 });
    const { changes } = await request({ ...started, model: 'review=strict' }, settings);
    expect(changes).toEqual({ models: { review: 'strict' } });
  });

  it('name one model for every agent', async () => {
    const { changes } = await request({ ...started, model: 'm' });
    expect(changes.models).toEqual({ research: 'm', generation: 'm', review: 'm' });
  });

  it.each([
    [{ stage: 'review' as const }, '--mode'],
    [{ topic: 'chemistry' }, '--stage'],
    [{ minScore: '9' }, '--stage'],
    [{ ...started, from: 'noon' }, '--from'],
    [{ ...started, to: '2026-11-01T00:00' }, '--to'],
  ])('say what is missing or wrong: %j', async (flags, what) => {
    const failure = await failureOf(() => request(flags));
    expect(failure).toMatchObject({ code: 'bad_replay', message: expect.stringContaining(what) });
  });

  it('are read one by one, and refused with what was expected', () => {
    expect(statusList('rejected, approved')).toEqual(['approved', 'rejected']);
    expect(() => statusList('not bad')).toThrow(/Expected one of pending/);
    expect(() => stageName('the judge')).toThrow(/questions, research/);
    expect(() => replayMode('again')).toThrow(/republish, reprocess/);
    expect(() => laneName('Second lane')).toThrow(/a-z, 0-9/);
  });
});
