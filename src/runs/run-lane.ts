import { type Lane, MAIN_LANE, newSecret } from '../stages/lane.ts';
import { type Recipes, recipeHash } from '../stages/recipe.ts';
import { AGENT_STAGES, type AgentStage } from '../stages/stage-names.ts';
import type { Store } from '../stages/store.ts';
import { Failure } from '../streams/failure.ts';
import type { LaneName } from '../streams/work.ts';

/** Results that were made by another recipe than today's, and are kept. */
export type OldResults = ReadonlyMap<AgentStage, number>;

export type RunLane = Readonly<{ lane: Lane; old: OldResults }>;

type Wanted = Readonly<{
  recipes: Recipes;
  simulated: boolean;
  redo: AgentStage | undefined;
  /** Whether the process works any stage of it; one that only looks on changes no recipe. Default: yes. */
  worked?: boolean;
}>;

/**
 * The lane that a run goes through. `main` takes today's recipes and keeps what was made by older ones; a redo opens a
 * lane of its own, named by its recipes, so that the same command again goes on in the same lane.
 */
export async function laneForRun(
  store: Store,
  { recipes, simulated, redo, worked = true }: Wanted,
): Promise<RunLane> {
  const main = await store.lanes.get(MAIN_LANE);
  if (!worked) return { lane: main ?? { ...newLane(MAIN_LANE, simulated), recipes }, old: new Map() };
  if (redo === undefined) {
    const known = main ?? newLane(MAIN_LANE, simulated);
    const lane = { ...known, secret: known.secret ?? newSecret(), recipes };
    await store.lanes.put(lane);
    return { lane, old: await oldResults(store, lane) };
  }
  if (main === undefined)
    throw new Failure(
      'fatal',
      'nothing_to_redo',
      'There is nothing to redo here yet: run without --redo first.',
    );
  const name = redoLaneName(redo, recipes);
  const known = await store.lanes.get(name);
  const lane = known ?? { ...newLane(name, simulated), parent: MAIN_LANE, recipes };
  await store.lanes.put(lane);
  return { lane, old: new Map() };
}

async function oldResults(store: Store, lane: Lane): Promise<OldResults> {
  const counts = await Promise.all(
    AGENT_STAGES.map(async (stage): Promise<[AgentStage, number]> => {
      const made = await store.reports.recipes(lane.name, stage);
      const now = recipeHash(lane.recipes[stage]);
      return [stage, [...made].reduce((sum, [recipe, count]) => sum + (recipe === now ? 0 : count), 0)];
    }),
  );
  return new Map(counts.filter(([, count]) => count > 0));
}

function newLane(name: LaneName, simulated: boolean): Omit<Lane, 'recipes'> {
  return { name, simulated, secret: newSecret(), createdAt: new Date().toISOString() };
}

function redoLaneName(stage: AgentStage, recipes: Recipes): LaneName {
  const hashes = AGENT_STAGES.map((each) => recipeHash(recipes[each]).slice(0, 4)).join('');
  return `redo-${stage}-${hashes}` as LaneName;
}
