import type { Settings } from '../../../../infra/config/settings.ts';
import type { Lane } from '../../../../stages/lanes/lane.ts';
import { type UserTurn, userTurnOf } from '../../../../stages/lanes/recipe.ts';

/**
 * How a session has the user's message written: as the settings say, else as its lane does, else word for word. A lane that goes on with
 * anything but the default is told of, since nothing in the command says it.
 *
 * @param alone the process works no stage, so nothing is written by it.
 */
export function userTurnFor(
  { userTurn }: Pick<Settings, 'userTurn'>,
  {
    lane,
    alone,
    onNotice,
  }: Readonly<{ lane: Pick<Lane, 'recipes'> | undefined; alone: boolean; onNotice(text: string): void }>,
): UserTurn {
  const decided = userTurn ?? (lane === undefined ? 'verbatim' : userTurnOf(lane.recipes));
  if (userTurn === undefined && decided === 'rephrase' && !alone) onNotice(AS_BEFORE);
  return decided;
}

const AS_BEFORE = 'User turn: rephrase, as the run before. For questions word for word: --user-turn verbatim';
