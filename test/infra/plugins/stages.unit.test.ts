import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Registration, registeredParts, registerPlugin } from '../../../src/infra/plugins/register.ts';
import { topicOf } from '../../../src/stages/stage-names.ts';
import { rankOf, standAgainst, statuses } from '../../../src/stages/status.ts';
import { rowsAfter, stageRows } from '../../../src/stages/table.ts';
import { factCheck } from '../../support/stage/fact-check.ts';

const done: Registration[] = [];
afterEach(() => {
  for (const registration of done.splice(0).toReversed()) registration.undo();
});

function register(...stages: readonly unknown[]) {
  done.push(registerPlugin({ name: '@me/stages', version: '1.0.0', stages }));
}

const stage = (change: Readonly<Record<string, unknown>>) => ({ ...factCheck, ...change });
const names = () => stageRows().map(({ name }) => name);
const OURS = ['questions', 'research', 'generation', 'review', 'storage'];

describe('a stage of a plugin', () => {
  it('has its place behind the one that it names, and its status and its topic follow from that', () => {
    register(factCheck);
    expect(names()).toEqual(['questions', 'research', 'generation', 'fact-check', 'review', 'storage']);
    expect(statuses().slice(0, 6)).toEqual([
      'pending',
      'questions_added',
      'researched',
      'generated',
      'checked',
      'reviewed',
    ]);
    expect(rowsAfter('generation').map(({ name }) => topicOf('m', name))[0]).toBe('m.fact-check');
    expect(registeredParts()).toContainEqual({
      kind: 'stage',
      name: 'fact-check',
      plugin: '@me/stages 1.0.0',
      where: 'settings',
    });
  });

  it('stands behind those that were registered before it at the same place, and before what stands behind them', () => {
    register(
      factCheck,
      stage({ name: 'style', status: 'styled' }),
      stage({ name: 'sources', after: 'fact-check', status: 'sourced' }),
    );
    expect(names().slice(2, 6)).toEqual(['generation', 'fact-check', 'sources', 'style']);
  });

  it('ranks as the stage of ours before it, so that stored ranks stay; of the same rank the later status stands', () => {
    const first = { drive: 0, revision: 0 };
    const ours = statuses().map((status) => rankOf(status, first));
    register(factCheck, stage({ name: 'style', status: 'styled' }));
    const [, , , generated, checked, styled, reviewed] = statuses();
    if (generated === undefined || checked === undefined || styled === undefined || reviewed === undefined)
      throw new Error('expected seven statuses');
    expect([...new Set(statuses().map((status) => rankOf(status, first)))]).toEqual([...new Set(ours)]);
    expect(rankOf(checked, first)).toBe(rankOf(generated, first));
    expect(standAgainst(checked)).toEqual(['checked', 'styled']);
    expect(standAgainst(styled)).toEqual(['styled']);
    expect(standAgainst(reviewed)).toBeUndefined();
    expect(standAgainst('approved')).toBeUndefined();
  });

  it.each([
    [
      { after: 'fact-check' },
      'it stands behind itself: expected after to be one of questions, research, generation, review',
    ],
    [{ after: 'storage' }, 'nothing comes after storage, where questions end'],
    [{ after: 'spelling' }, 'there is no stage spelling to stand behind'],
    [{ after: undefined }, 'after: expected the name of the stage behind which it stands'],
    [{ status: 'reviewed' }, 'there is a status reviewed already'],
    [{ status: 'held' }, 'there is a status held already'],
    [{ status: 'Checked!' }, 'status: expected a-z, 0-9 and _, such as checked'],
    [{ name: 'verdicts' }, 'the name verdicts has a meaning of its own'],
    [{ name: 'review' }, 'Millrace itself has one of that name'],
    [{ name: 'Fact Check' }, 'expected a-z, 0-9 and -, such as fact-check'],
    [{ result: z.array(z.string()) }, 'its schema has no object at its root'],
    [{ result: z.object({ at: z.date() }) }, 'its schema cannot be said to a model'],
    [{ result: { wrong: [] } }, 'expected result to be a schema of zod 4'],
    [{ prompt: 7 }, 'prompt: expected a text'],
    [{ prompt: 'Check {{answer}}.' }, 'unknown {{answer}}'],
    [{ decide: undefined }, 'decide: expected a function'],
    [{ asksModel: false }, 'work: expected a function'],
    [{ asksModel: 'yes' }, 'asksModel: expected true, or false'],
  ])(
    'is refused as %j with one message that says what was expected, and nothing is registered',
    (change, message) => {
      expect(() => register(stage({ name: 'other', status: 'othered' }), stage(change))).toThrow(
        expect.objectContaining({ code: 'bad_plugin', message: expect.stringContaining(message) }),
      );
      expect(names()).toEqual(OURS);
    },
  );

  it('is refused where two stand behind each other, or have one status', () => {
    const [one, other] = [
      stage({ name: 'one', after: 'other' }),
      stage({ name: 'other', after: 'one', status: 'o' }),
    ];
    expect(() => register(one, other)).toThrow(
      /the stage one: it stands behind other, which stands behind it/,
    );
    expect(() => register(factCheck, stage({ name: 'other' }))).toThrow(/there is a status checked already/);
    expect(names()).toEqual(OURS);
  });
});
