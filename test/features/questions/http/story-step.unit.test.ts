import { describe, expect, it } from 'vitest';
import { storyStep, storyStepSchema } from '../../../../src/features/questions/http/story-step.ts';
import { stepLabel } from '../../../../src/features/questions/steps/step-label.ts';
import type { Step } from '../../../../src/streams/work/step.ts';
import { pieceOf } from '../../../support/pieces.ts';

const usage = { input: 0, output: 0, cached: 0, reasoning: 0 };
const step: Step = {
  ...{ n: 2, key: 'result/turn/0/0', kind: 'result', drive: 0, at: '2026-01-01T00:00:00.000Z' },
  ...{ durationMs: 12, model: '', usage, costUsd: null },
  body: { tool: 'page', args: {}, outcome: 'ok', text: '', pieces: [], cached: false },
};
const found = (more: object) => storyStep({ ...step, body: { ...Object(step.body), ...more } });

describe('a step of a story', () => {
  it.each([
    ['search/0', 'search'],
    ['search/2', 'search after redrive 2'],
    ['turn/0', 'turn 1'],
    ['result/turn/3/1', 'look-up 2 of turn 4'],
    ['of-a-plugin', 'of-a-plugin'],
  ])('%s is called "%s"', (key, label) => {
    expect(stepLabel(key)).toBe(label);
  });

  it('is bounded, however much strangers sent', () => {
    const long = '😀'.repeat(100_000);
    const pieces = Array.from({ length: 500 }, (_, n) => pieceOf({ id: `E${n}`, title: long, url: long }));
    const told = found({ tool: long, args: { long }, text: `x${long}`, pieces });
    expect(told).toMatchObject({ pieceCount: 500 });
    expect(JSON.stringify(told).length).toBeLessThan(10_000);
    expect(JSON.stringify(told)).not.toContain('\\ud83d');
    const calls = Array.from({ length: 500 }, () => ({ id: '1', name: long, args: long }));
    const turn = { message: null, text: long, reasoning: long, calls, last: false, finishReason: '' };
    const body = { ...turn, recipe: '', outcome: 'calls' };
    expect(JSON.stringify(storyStep({ ...step, kind: 'turn', body })).length).toBeLessThan(30_000);
  });

  it('leaves out the answer that stands, which its work tells, and says why another does not', () => {
    const turn = { message: null, text: '{"summary":"s"}', reasoning: '', calls: [], last: true };
    const body = { ...turn, finishReason: '', recipe: '', outcome: 'answer' };
    expect(storyStep({ ...step, kind: 'turn', body })).toMatchObject({ text: '', last: true });
    const why = { outcome: 'unusable', code: 'unknown_piece', reason: 'There is no piece E9.' };
    const told = storyStep({ ...step, kind: 'turn', body: { ...body, ...why } });
    expect(told).toMatchObject({ outcome: 'unusable', code: 'unknown_piece', text: 'There is no piece E9.' });
  });

  it('that cannot be read is still told, with its price', () => {
    const told = storyStep({ ...step, costUsd: 0.5, body: { from: 'a plugin' } });
    expect(storyStepSchema.parse(told)).toMatchObject({ outcome: 'unreadable', costUsd: 0.5, calls: [] });
  });
});
