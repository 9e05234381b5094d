import { expect, it, onTestFinished, vi } from 'vitest';
import { tellOfRecipe } from '../../src/library/session-of.ts';
import { MAIN_LANE } from '../../src/stages/lanes/lane.ts';
import { recipes } from '../support/stage/stage-fixtures.ts';

const lane = { name: MAIN_LANE, simulated: false, createdAt: '2026-01-01T00:00:00.000Z', recipes: recipes() };

function told(counts: 'of the lane' | 'of this process' | undefined): readonly unknown[] {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  onTestFinished(() => void vi.restoreAllMocks());
  tellOfRecipe({ lane, differing: counts === undefined ? undefined : { stages: ['review'], counts } });
  return warn.mock.calls.map(([text]) => text);
}

it('a user of the library hears that the recipe of the lane counts, and how to change it', () => {
  expect(told('of the lane')).toEqual([expect.stringMatching(/in review\..*newRecipe: true$/)]);
});

it('nothing is said where the options count, or are those of the lane', () => {
  expect([...told('of this process'), ...told(undefined)]).toEqual([]);
});
