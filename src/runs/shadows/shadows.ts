import { exhaustMap, first, firstValueFrom, interval, startWith } from 'rxjs';
import { modelOf } from '../../infra/config/model-settings.ts';
import { shadowRecipe, withReviewer } from '../../infra/config/shadow-reviewer.ts';
import type { ChatModel } from '../../stages/chat-model.ts';
import type { Lane } from '../../stages/lane.ts';
import { shadowGroupOf, shadowStageOf } from '../../stages/shadow/shadow-name.ts';
import { topicsOf } from '../../stages/stage-names.ts';
import type { Offset } from '../../streams/log.ts';
import type { RunningStage } from '../../streams/run-stage.ts';
import { isRead } from '../is-read.ts';
import { lookedPast } from '../looked-past.ts';
import { patiently } from '../patiently.ts';
import { openShadowLane } from './shadow-lane.ts';
import { assertShadowBudgets } from './shadow-money.ts';
import { type BesideSession, type PreparedShadow, type RunningShadow, startShadow } from './start-shadow.ts';

/** A log that is away for longer than this ends the wait. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 100;
/** A wait that a person notices is told. */
const TOLD_AFTER_LOOKS = 10;

/** The shadow judges of a session. */
export type Shadows = Readonly<{
  running: readonly RunningShadow[];
  /** Their stages, by the name that people see: `shadow strict`. */
  stages: ReadonlyMap<string, RunningStage>;
  /**
   * Resolves when each has judged what the live judge had been given when this was called. A shadow that stopped, or whose
   * endpoint is away, is not waited for. Never rejects for a server that is away.
   */
  caughtUp(): Promise<void>;
  /** Drains them, and leaves nothing open. */
  close(): Promise<void>;
}>;

export const NO_SHADOWS: Shadows = {
  running: [],
  stages: new Map(),
  caughtUp: async () => undefined,
  close: async () => undefined,
};

/** Opens their lanes, before anything is at work. Throws Failures of kind `fatal` that say what to do. */
export async function prepareShadows(
  session: Pick<BesideSession, 'settings' | 'engine' | 'namespace'> &
    /** Plays the shadows too, instead of the models that the settings name. */
    Readonly<{ model: ChatModel | undefined }>,
  live: Lane,
): Promise<readonly PreparedShadow[]> {
  const { settings, engine, namespace } = session;
  assertShadowBudgets(settings);
  const prepared: PreparedShadow[] = [];
  for (const [name, shadow] of Object.entries(settings.shadows)) {
    const recipe = await shadowRecipe(settings, shadow);
    const model = session.model ?? (await modelOf(withReviewer(settings, shadow), name));
    const lane = await openShadowLane({ engine, namespace, name, recipe, live });
    prepared.push({ name, shadow, lane, model });
  }
  return prepared;
}

export function startShadows(session: BesideSession, prepared: readonly PreparedShadow[]): Shadows {
  if (prepared.length === 0) return NO_SHADOWS;
  const running = prepared.map((each) => startShadow(session, each));
  return {
    running,
    stages: new Map(running.map(({ name, stage }) => [shadowStageOf(name), stage])),
    caughtUp: async () => {
      const { review } = topicsOf(session.namespace);
      const ends = await patiently(() => session.engine.log.endOffsets(review), PATIENCE_MS);
      await Promise.all(running.map((shadow) => untilCaughtUp(session, shadow, ends)));
    },
    close: async () => {
      await Promise.all(running.map(({ close }) => close()));
    },
  };
}

async function untilCaughtUp(
  { engine, namespace, onNotice }: BesideSession,
  { name, stopped, isCutOff }: RunningShadow,
  until: ReadonlyMap<number, Offset>,
): Promise<void> {
  const reading = { group: shadowGroupOf(namespace, name), topic: topicsOf(namespace).review, until };
  const isDone = async (look: number) => {
    if (look === TOLD_AFTER_LOOKS) onNotice(`Waiting for the shadow judge ${name} to catch up.`);
    return stopped.aborted || isCutOff() || lookedPast(isRead(engine.log, reading), false);
  };
  const looks = interval(LOOK_MS).pipe(startWith(-1), exhaustMap(isDone), first(Boolean));
  await firstValueFrom(looks);
}
