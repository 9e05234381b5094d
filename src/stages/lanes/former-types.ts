import { canonical } from '../text/canonical-json.ts';
import type { Lane } from './lane.ts';
import type { Recipes } from './recipe.ts';

/** So many of one type are kept. */
const MAX_OF_A_TYPE = 8;

type Definition = NonNullable<Lane['formerTypes']>[number];

/**
 * The definitions of types that a lane had before it goes by these recipes, the newest first: its examples can be read by them for ever. Of
 * those that ask for the same candidate the newest stands for all; `undefined` where there are none.
 */
export function formerTypesOf(
  { recipes: before, formerTypes = [] }: Pick<Lane, 'recipes' | 'formerTypes'>,
  recipes: Recipes,
): Lane['formerTypes'] {
  const seen = new Set(definitionsOf(recipes).map(candidateOf));
  const counts = new Map<unknown, number>();
  const kept = [...definitionsOf(before), ...formerTypes].filter((definition) => {
    const { name } = definition;
    const count = counts.get(name) ?? 0;
    const said = candidateOf(definition);
    if (seen.has(said) || count === MAX_OF_A_TYPE) return false;
    seen.add(said);
    counts.set(name, count + 1);
    return true;
  });
  return kept.length === 0 ? undefined : kept;
}

function definitionsOf({ types = {} }: Pick<Recipes, 'types'>): readonly Definition[] {
  return Object.values(types).flatMap(({ definition }) => (definition === undefined ? [] : [definition]));
}

/** What a candidate must be by the definition. */
function candidateOf({ name, candidate, verify }: Definition): string {
  return canonical([name, candidate, verify ?? null]);
}
