import { describe, expect, it } from 'vitest';
import { stagesAbleTo } from '../../../../src/features/run/session/stages-able-to.ts';
import { Alarms } from '../../../../src/streams/alarms.ts';
import { laneOf, recipes } from '../../../support/stage/stage-fixtures.ts';

const provider = { name: '@me/models', version: '1.0.0' };
const lane = laneOf({ recipes: recipes({ settings: { model: 'mine:judge', provider } }) });

describe('a process that lacks a part of its lane', () => {
  it('starts the other stages, and raises an alarm for the one that it leaves alone', () => {
    const alarms = new Alarms();
    expect(stagesAbleTo(lane, ['generation', 'review', 'storage'], alarms)).toEqual([
      'generation',
      'storage',
    ]);
    expect(alarms.open).toMatchObject([{ kind: 'part_missing', subject: 'review' }]);
    expect(alarms.open[0]?.text).toContain(
      'Stage review does not start: The lane works by the model mine:judge',
    );
  });

  it.each([[['review'] as const], [undefined]])(
    'does not start where nothing is left to do, and no run that would wait for ever: %j',
    (stages) => {
      expect(() => stagesAbleTo(lane, stages, new Alarms())).toThrow(
        expect.objectContaining({ kind: 'fatal', code: 'part_missing' }),
      );
    },
  );

  it('starts what needs no such part, without a word', () => {
    const alarms = new Alarms();
    expect(stagesAbleTo(lane, ['research'], alarms)).toEqual(['research']);
    expect(stagesAbleTo(laneOf(), undefined, alarms)).toBe(undefined);
    expect(alarms.open).toEqual([]);
  });
});
