import { expect, it } from 'vitest';
import { userTurnFor } from '../../../../../src/features/run/session/lane/user-turn.ts';
import { parseSettings } from '../../../../../src/infra/config/load-settings.ts';
import { recipesOf } from '../../../../../src/infra/config/recipes.ts';
import type { UserTurn } from '../../../../../src/stages/lanes/recipe.ts';

async function decided(flag: UserTurn | undefined, ofLane: UserTurn | undefined, alone = false) {
  const told: string[] = [];
  const lane =
    ofLane === undefined
      ? undefined
      : { recipes: await recipesOf(parseSettings({}), { mode: 'memory', userTurn: ofLane }) };
  const userTurn = userTurnFor({ userTurn: flag }, { lane, alone, onNotice: (text) => told.push(text) });
  return { userTurn, told };
}

it('a run without --user-turn goes on as the run before it, and says so where that is no default', async () => {
  expect(await decided(undefined, 'rephrase')).toEqual({
    userTurn: 'rephrase',
    told: ['User turn: rephrase, as the run before. For questions word for word: --user-turn verbatim'],
  });
  expect(await decided(undefined, 'verbatim')).toEqual({ userTurn: 'verbatim', told: [] });
  expect(await decided(undefined, undefined)).toEqual({ userTurn: 'verbatim', told: [] });
});

it('who says the user turn, or works no stage, is told nothing', async () => {
  expect(await decided('rephrase', 'rephrase')).toEqual({ userTurn: 'rephrase', told: [] });
  expect(await decided('verbatim', 'rephrase')).toEqual({ userTurn: 'verbatim', told: [] });
  expect(await decided(undefined, 'rephrase', true)).toEqual({ userTurn: 'rephrase', told: [] });
});
