import { describe, expect, it } from 'vitest';
import { selectionOf } from '../../../src/features/replay/selection.ts';
import { questionOf } from '../../support/stage/stage-fixtures.ts';
import { workKey } from '../../support/stage/work.ts';

const everything = { topic: '', subTopic: '', status: [] };
const includes = (
  request: Partial<Parameters<typeof selectionOf>[1]>,
  stands: string | undefined = 'rejected',
) => selectionOf({ statusOf: async () => stands }, { ...everything, ...request })(workKey(), questionOf());

describe('the questions of a replay', () => {
  it.each([
    [{}, true],
    [{ topic: 'physics' }, true],
    [{ topic: ' Physics' }, true],
    [{ topic: 'chemistry' }, false],
    [{ topic: 'physics', subTopic: 'optics' }, true],
    [{ subTopic: 'acoustics' }, false],
    [{ status: ['rejected' as const] }, true],
    [{ status: ['approved' as const, 'rejected' as const] }, true],
    [{ status: ['approved' as const] }, false],
    [{ topic: 'chemistry', status: ['rejected' as const] }, false],
  ])('of %j', async (request, meant) => {
    expect(await includes(request)).toBe(meant);
  });

  it('are none that the source lane does not know, where a status is asked for', async () => {
    const nowhere = selectionOf({ statusOf: async () => undefined }, { ...everything, status: ['pending'] });
    expect(await nowhere(workKey(), questionOf())).toBe(false);
  });
});
