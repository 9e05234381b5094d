import { modelOf } from '../../infra/config/model/open-model.ts';
import { recipesOf } from '../../infra/config/recipes.ts';
import type { Settings } from '../../infra/config/settings.ts';
import { withReviewer } from '../../infra/config/shadow-reviewer.ts';
import type { ShadowSettings } from '../../infra/config/shadow-settings.ts';
import type { ChatModel } from '../../stages/agent/chat-model.ts';
import { shadowStageOf } from '../../stages/judges/shadow-name.ts';
import type { Lane } from '../../stages/lanes/lane.ts';
import { userTurnOf } from '../../stages/lanes/recipe.ts';
import { topicsOf } from '../../stages/stage-names.ts';
import type { RunningStage } from '../../streams/delivery/run-stage.ts';
import type { StageEvent } from '../../streams/delivery/stage-events.ts';
import { asFailure, Failure } from '../../streams/failure.ts';
import { retryWithin } from '../../streams/work/retry-within.ts';
import { Meter } from '../run/progress/meter.ts';
import { assertPriced } from '../run/progress/run-budget.ts';
import { shadowEndpoints } from './shadow-endpoints.ts';
import { openShadowLane } from './shadow-lane.ts';
import {
  type BesideSession,
  type PreparedShadow,
  type RunningShadow,
  startShadowJudge,
} from './start-shadow.ts';
import { PATIENCE_MS, untilCaughtUp } from './until-caught-up.ts';

/** The shadow judges of a session. */
export type Shadows = Readonly<{
  running: readonly RunningShadow[];
  /** The stages of those that have not stopped, by the name that people see: `shadow strict`. */
  readonly stages: ReadonlyMap<string, RunningStage>;
  /** What they called, by the names of their stages. */
  meter: Pick<Meter, 'reading'>;
  /**
   * Resolves when each has judged what the live judge had been given, and settled, when this was called. A shadow that is held
   * up is not waited for. Never rejects.
   */
  caughtUp(): Promise<void>;
}>;

const NO_SHADOWS: Shadows = {
  running: [],
  stages: new Map(),
  meter: new Meter(),
  caughtUp: async () => undefined,
};

type Preparing = Pick<
  BesideSession,
  'settings' | 'engine' | 'namespace' | 'simulated' | 'alone' | 'onNotice'
> &
  /** Plays the shadows too, instead of the models that the settings name. */
  Readonly<{ model: ChatModel | undefined }>;

/**
 * Opens their lanes, before anything is at work. One that judged by another recipe before is left out, with a notice, unless
 * the process works nothing else and none is left. Throws Failures of kind `fatal` that say what to do.
 */
export async function prepareShadows(session: Preparing, live: Lane): Promise<readonly PreparedShadow[]> {
  const { settings, alone, onNotice } = session;
  assertShadowBudgets(settings);
  // All are checked before the first is opened: a start that is refused leaves nothing behind.
  const checked = await Promise.all(
    Object.entries(settings.shadows).map(([name, shadow]) => check(session, live, name, shadow)),
  );
  const prepared: PreparedShadow[] = [];
  let refusal: Failure | undefined;
  for (const { recipe, ...each } of checked)
    try {
      prepared.push({ ...each, lane: await openShadowLane({ ...session, name: each.name, recipe, live }) });
    } catch (error) {
      refusal = asFailure(error);
      if (refusal.code !== 'shadow_changed') throw refusal;
      onNotice(`Without the shadow judge ${each.name}. ${refusal.message}`);
    }
  if (alone && prepared.length === 0 && refusal !== undefined) throw refusal;
  return prepared;
}

async function check(
  { settings, simulated, model }: Preparing,
  live: Lane,
  name: string,
  shadow: ShadowSettings,
) {
  const own = withReviewer(settings, shadow);
  const { review: recipe } = await recipesOf(own, {
    mode: live.recipes.research.lookUp?.mode ?? 'memory',
    userTurn: userTurnOf(live.recipes),
  });
  const recipes = { ...live.recipes, review: recipe };
  assertPriced({ settings: own, simulated, recipes, stages: ['review'] });
  return { name, shadow, recipe, settings: own, model: model ?? (await modelOf(own, name)) };
}

/** @param opened drains the judges when it is disposed of, and leaves nothing of them open. */
export function startShadows(
  session: BesideSession,
  prepared: readonly PreparedShadow[],
  opened: AsyncDisposableStack,
): Shadows {
  if (prepared.length === 0) return NO_SHADOWS;
  const { engine, namespace, onNotice } = session;
  const endpoints = shadowEndpoints(session);
  opened.defer(() => endpoints.close());
  const meter = new Meter();
  const onEvent = (event: StageEvent) => {
    meter.onEvent(event);
    session.onEvent(event);
  };
  let atWork = prepared.length;
  const running = prepared.map((each) =>
    startShadowJudge({ ...session, onEvent, opened }, each, endpoints, (failure) => {
      atWork -= 1;
      if (session.alone && atWork === 0) session.fail(failure);
      else onNotice(`The shadow judge ${each.name} stopped; everything else goes on. ${failure.message}`);
    }),
  );
  const caughtUp = async () => {
    const ends = await retryWithin(() => engine.log.endOffsets(topicsOf(namespace).review), PATIENCE_MS);
    await Promise.all(running.map((shadow) => untilCaughtUp(session, shadow, ends)));
  };
  return {
    running,
    get stages() {
      const going = running.filter(({ heldUpBy }) => heldUpBy() !== 'stopped');
      return new Map(going.map(({ name, stage }) => [shadowStageOf(name), stage]));
    },
    meter,
    caughtUp: () =>
      caughtUp().catch((error: unknown) =>
        onNotice(`Not waiting for shadow judges: ${asFailure(error).message}`),
      ),
  };
}

/**
 * Who limits what a run may spend has to say what its shadow judges may: they spend beside it. Throws a Failure
 * (`bad_budget`) that says how.
 */
function assertShadowBudgets(settings: Settings): void {
  const { shadows, maxCost, maxTokens, shadowMaxCost, shadowMaxTokens } = settings;
  const [name] = Object.keys(shadows);
  if (name === undefined) return;
  if (maxCost !== undefined && shadowMaxCost === undefined)
    throw unlimited(name, `--max-cost ${maxCost}`, '--shadow-max-cost');
  if (maxTokens !== undefined && shadowMaxTokens === undefined)
    throw unlimited(name, `--max-tokens ${maxTokens}`, '--shadow-max-tokens');
}

function unlimited(name: string, limit: string, flag: string): Failure {
  const message = `The shadow judge ${name} spends beside ${limit}: say how much each shadow may spend with ${flag}, or leave the shadow out.`;
  return new Failure('fatal', 'bad_budget', message);
}
