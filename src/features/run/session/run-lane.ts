import { isDeepStrictEqual } from 'node:util';
import { formerTypesOf } from '../../../stages/lanes/former-types.ts';
import { type Lane, MAIN_LANE, newSecret } from '../../../stages/lanes/lane.ts';
import { type Recipes, recipeMark, recipeNames, recipesByAgent } from '../../../stages/lanes/recipe.ts';
import { type AgentStage, agentStages } from '../../../stages/stage-names.ts';
import type { Store } from '../../../stages/store/store.ts';
import { Failure } from '../../../streams/failure.ts';
import type { LaneName } from '../../../streams/work/work.ts';

/** Results that were made by another recipe than today's, and are kept. */
export type OldResults = ReadonlyMap<AgentStage, number>;

/** The agents whose settings, prompts or rubric here are not those of the lane before. */
export type Differing = Readonly<{
  stages: readonly AgentStage[];
  counts: 'of the lane' | 'of this process';
}>;

export type RunLane = Readonly<{ lane: Lane; old: OldResults; differing?: Differing | undefined }>;

type Wanted = Readonly<{
  recipes: Recipes;
  simulated: boolean;
  redo: AgentStage | undefined;
  /** Whether the process works any stage of it; one that only looks on changes no recipe. Default: yes. */
  worked?: boolean;
  /** Whether other processes may work the lane too: then its recipe counts, and none changes it by starting. Default: no. */
  shared?: boolean;
  /** Gives the lane today's recipes though it is shared: those of all its workers from then on. */
  newRecipe?: boolean;
}>;

/**
 * The lane that a run goes through. `main` takes today's recipes where one process works it alone, and keeps what was made by
 * older ones; where several may, it keeps the recipes of whoever opened it until somebody asks for new ones. A redo opens a lane
 * of its own, named by its recipes, so that the same command again goes on in the same lane.
 */
export async function laneForRun(store: Store, wanted: Wanted): Promise<RunLane> {
  const { recipes, simulated, redo, worked = true } = wanted;
  const main = await store.lanes.get(MAIN_LANE);
  if (!worked) return { lane: main ?? { ...newLane(MAIN_LANE, simulated), recipes }, old: new Map() };
  if (redo === undefined) return mainLane(store, main, wanted);
  if (main === undefined) {
    const message = 'There is nothing to redo here yet: run without --redo first.';
    throw new Failure('fatal', 'nothing_to_redo', message);
  }
  const name = redoLaneName(redo, recipes);
  const known = await store.lanes.get(name);
  const fresh = { ...newLane(name, simulated), parent: MAIN_LANE };
  const lane = known ?? withRecipes(fresh, main, recipes);
  await store.lanes.put(lane);
  return { lane, old: new Map() };
}

async function mainLane(
  store: Store,
  main: Lane | undefined,
  { recipes, simulated, shared = false, newRecipe = false }: Wanted,
): Promise<RunLane> {
  // Two that start at once must not each go by its own.
  const known = main ?? (await store.lanes.open({ ...newLane(MAIN_LANE, simulated), recipes }));
  const stages = recipesByAgent(known.recipes).flatMap(([stage]) =>
    recipeMark(known.recipes, stage) === recipeMark(recipes, stage) ? [] : [stage],
  );
  const kept = shared && !newRecipe;
  const asked = newRecipe ? recipes : withStagesOf(known.recipes, recipes);
  const secret = known.secret ?? newSecret();
  const lane = withRecipes({ ...known, secret }, known, kept ? withNewTypes(known.recipes, recipes) : asked);
  // Lanes of 0.1.0 have none, and may hold an extra body in clear: what is put holds only its mark.
  const more = lane.recipes !== known.recipes && kept;
  const { plugins, stages: added } = known.recipes;
  const changed = !isDeepStrictEqual([plugins, added], [lane.recipes.plugins, lane.recipes.stages]);
  const renamed = !kept && (stages.length > 0 || changed);
  if (known.secret === undefined || more || renamed) await store.lanes.put(lane);
  const counts = kept ? ('of the lane' as const) : ('of this process' as const);
  const differing = stages.length === 0 ? undefined : { stages, counts };
  return { lane, old: await oldResults(store, lane), differing };
}

/** Another definition of a type makes nobody's examples unreadable: what the lane before went by stays with it. */
function withRecipes(
  { formerTypes: _, ...lane }: Omit<Lane, 'recipes'>,
  before: Pick<Lane, 'recipes' | 'formerTypes'>,
  recipes: Recipes,
): Lane {
  const formerTypes = formerTypesOf(before, recipes);
  return { ...lane, recipes, ...(formerTypes === undefined ? {} : { formerTypes }) };
}

/**
 * Today's recipes with the stages that the lane has: one that came later is not for it, and one that is gone is missed. By what a
 * stage asks is today's, as for ours.
 */
function withStagesOf({ stages }: Recipes, { stages: today = [], ...recipes }: Recipes): Recipes {
  if (stages === undefined) return recipes;
  const kept = stages.map((stage) => {
    const now = today.find(({ name }) => name === stage.name);
    return now === undefined ? stage : { ...now, after: stage.after };
  });
  return { ...recipes, stages: kept };
}

/** A type that the lane has not, or a plugin that brings one, changes nothing for those that it has. */
function withNewTypes(known: Recipes, { types = {}, plugins = {} }: Recipes): Recipes {
  const fresh = Object.entries(types).filter(
    ([name, { definition }]) => definition !== undefined && known.types?.[name] === undefined,
  );
  const brought = Object.keys(plugins).some((type) => known.plugins?.[type] === undefined);
  if (fresh.length === 0 && !brought) return known;
  return {
    ...known,
    ...(fresh.length === 0 ? {} : { types: { ...known.types, ...Object.fromEntries(fresh) } }),
    ...(brought ? { plugins: { ...plugins, ...known.plugins } } : {}),
  };
}

async function oldResults(store: Store, lane: Lane): Promise<OldResults> {
  const counts = await Promise.all(
    agentStages().map(async (stage): Promise<[AgentStage, number]> => {
      const made = await store.reports.recipes(lane.name, stage);
      const now = recipeNames(lane.recipes, stage);
      return [stage, [...made].reduce((sum, [recipe, count]) => sum + (now.has(recipe) ? 0 : count), 0)];
    }),
  );
  return new Map(counts.filter(([, count]) => count > 0));
}

function newLane(name: LaneName, simulated: boolean): Omit<Lane, 'recipes'> {
  return { name, simulated, secret: newSecret(), createdAt: new Date().toISOString() };
}

function redoLaneName(stage: AgentStage, recipes: Recipes): LaneName {
  const hashes = agentStages()
    .map((each) => recipeMark(recipes, each).slice(0, 4))
    .join('');
  return `redo-${stage}-${hashes}` as LaneName;
}
