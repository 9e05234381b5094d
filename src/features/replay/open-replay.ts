import type { Engine } from '../../infra/engines/engine.ts';
import { shadowOfLane } from '../../stages/judges/shadow-name.ts';
import { ExtraBodies } from '../../stages/lanes/extra-bodies.ts';
import { type Lane, MAIN_LANE, newSecret } from '../../stages/lanes/lane.ts';
import { agentNamed, groupOf, topicOf } from '../../stages/stage-names.ts';
import type { KnownReplay, ReplayPlan, ReplayRequest } from '../../stages/store/replay-plan.ts';
import type { Store } from '../../stages/store/store.ts';
import { Failure } from '../../streams/failure.ts';
import type { LaneName } from '../../streams/work/work.ts';
import { pinOffsets } from './pin-offsets.ts';
import { type Position, positionText } from './position.ts';
import { changedRecipes, namedChanges, type RecipeChanges } from './recipe-changes.ts';

/** A replay as somebody asks for it. */
export type ReplayArguments = Readonly<{
  name: LaneName;
  /** `undefined` to go on with the replay of that name. */
  request:
    | Readonly<Omit<ReplayRequest, 'from' | 'to' | 'changes'> & { from: Position; to: Position }>
    | undefined;
  changes: RecipeChanges;
}>;

export type OpenedReplay = KnownReplay & Readonly<{ lane: Lane }>;

/**
 * The replay as it was started before, or a new one with its ends pinned now. Keeps nothing: `keepReplay` does. Throws
 * Failures (`bad_replay`, `bad_lane`) for what cannot be replayed and for a name that stands for something else, and
 * `no_extra_body` for changes of a recipe that these settings know only in part.
 * @param extraBodies those of the settings, which no lane holds.
 */
export async function planReplay(
  { log, store }: Engine,
  namespace: string,
  { name, request: started, changes }: ReplayArguments,
  extraBodies = new ExtraBodies(),
): Promise<KnownReplay> {
  const known = await store.replays.get(name);
  if (started === undefined) {
    if (known !== undefined) return known;
    throw bad(`There is no replay named ${name} to go on with. Start it with --stage, --from and --mode.`);
  }
  const { from, to, ...rest } = started;
  const places = { from: positionText(from), to: positionText(to) };
  const request: ReplayRequest = { ...rest, ...places, changes: namedChanges(changes) };
  checkStage(request);
  if (known !== undefined) return sameReplay(known, request);
  const source = extraBodies.restored(await sourceLane(store, request.source));
  await checkName(store, name);
  const startedAt = new Date().toISOString();
  const lane = request.mode === 'reprocess' ? { lane: newLane(name, source, changes, startedAt) } : {};
  const pinned = await pinOffsets(log, topicOf(namespace, request.stage), from, to);
  const group = `${groupOf(namespace, request.stage)}.replay.${name}`;
  return { plan: { name, wish: request, ...lane, group, ...pinned, startedAt }, readAt: undefined };
}

/** Keeps the plan and opens its lane. Of two that start it at once, the first one's counts. */
export async function keepReplay(store: Store, { plan }: KnownReplay): Promise<OpenedReplay> {
  const { wish: asked } = plan;
  const existing = sameReplay(await store.replays.open(plan), asked);
  const { lane, name, wish: request } = existing.plan;
  if (lane === undefined) return { ...existing, lane: await sourceLane(store, request.source) };
  const opened = await store.lanes.get(name);
  if (opened === undefined) await store.lanes.put(lane);
  return { ...existing, lane: opened ?? lane };
}

async function checkName(store: Store, name: LaneName): Promise<void> {
  if (shadowOfLane(name) !== undefined)
    throw badLane(`Names that begin with shadow- are for shadow judges: ${name} cannot name a replay.`);
  if (name === MAIN_LANE || (await store.lanes.get(name)) !== undefined)
    throw badLane(`There is a lane ${name} already.`);
}

async function sourceLane(store: Store, name: LaneName): Promise<Lane> {
  const lane = await store.lanes.get(name);
  if (lane === undefined) throw bad(`There is no lane ${name} to replay here. Work some questions first.`);
  if (lane.shadow === true)
    throw bad(
      `${name} is the lane of a shadow judge: nothing of it can be replayed. Replay ${lane.parent ?? MAIN_LANE}.`,
    );
  return lane;
}

function newLane(name: LaneName, source: Lane, changes: RecipeChanges, createdAt: string): Lane {
  const recipes = changedRecipes(source.recipes, changes);
  return { name, parent: source.name, recipes, simulated: source.simulated, secret: newSecret(), createdAt };
}

function checkStage({ mode, stage, changes }: ReplayRequest): void {
  if (mode === 'republish' && Object.keys(changes).length > 0)
    throw bad(`republish asks no model: ${Object.keys(changes).join(', ')} would change nothing.`);
  if (mode === 'republish' || agentNamed(stage) !== undefined) return;
  const instead =
    stage === 'questions' ? 'To work every question again, reprocess research.' : 'Use republish.';
  throw bad(`${stage} asks no model, so there is nothing to reprocess. ${instead}`);
}

function sameReplay(known: KnownReplay, request: ReplayRequest): KnownReplay {
  const differences = differencesOf(known.plan, request);
  if (differences.length === 0) return known;
  const name = known.plan.name;
  throw new Failure(
    'fatal',
    'bad_lane',
    `${name} is the name of another replay: ${differences.join('; ')}. ` +
      `To go on with that one: millrace replay --lane ${name}. For a new one choose another --lane.`,
  );
}

function differencesOf({ wish: existing }: ReplayPlan, request: ReplayRequest): string[] {
  const names = ['mode', 'stage', 'source', 'from', 'to', 'topic', 'subTopic', 'status', 'changes'] as const;
  return names.flatMap((name) => {
    const [there, here] = [shown(existing[name]), shown(request[name])];
    return there === here ? [] : [`${name} ${there} there, ${here} here`];
  });
}

function shown(value: ReplayRequest[keyof ReplayRequest]): string {
  if (typeof value === 'string') return value === '' ? 'any' : value;
  const parts = Array.isArray(value) ? value : Object.entries(value).map(([name, its]) => `${name} ${its}`);
  return parts.length === 0 ? 'none' : parts.toSorted().join(', ');
}

function bad(message: string): Failure {
  return new Failure('fatal', 'bad_replay', message);
}

function badLane(message: string): Failure {
  return new Failure('fatal', 'bad_lane', `${message} Choose another --lane.`);
}
