import { join } from 'node:path';
import type { Logger } from 'pino';
import { endpointNotices } from '../../../infra/config/model/endpoint-name.ts';
import { isSimulated } from '../../../infra/config/model/is-simulated.ts';
import { modelOf } from '../../../infra/config/model/open-model.ts';
import { recipesOf } from '../../../infra/config/recipes.ts';
import { withFirstShadow } from '../../../infra/config/shadow-reviewer.ts';
import { openEngine } from '../../../infra/engines/open-engine.ts';
import { openLogFile } from '../../../infra/files/log-file.ts';
import { registerTypesOf } from '../../../infra/plugins/load-types.ts';
import { stageSlot } from '../../../stages/added/stage-slot.ts';
import { type Lane, MAIN_LANE } from '../../../stages/lanes/lane.ts';
import { pipelineTopics } from '../../../stages/pipeline.ts';
import { stageNames } from '../../../stages/stage-names.ts';
import { addedRows } from '../../../stages/table.ts';
import { Alarms } from '../../../streams/alarms.ts';
import { openAll } from '../../../streams/closing.ts';
import { prepareShadows } from '../../judges/shadows.ts';
import { openJournal } from '../journal/open-journal.ts';
import { logAlarm, noticeOf } from './event-log.ts';
import { looksThrough, researchMode } from './lane/research-mode.ts';
import { userTurnFor } from './lane/user-turn.ts';
import { laneForRun } from './run-lane.ts';
import { namespaceOf, type Session, type SessionOptions } from './session.ts';
import { hasOwnTools, NO_TOOLS, openTools, withToolsOf } from './session-tools.ts';
import { stagesAbleTo } from './stages-able-to.ts';
import { type Ready, startSession } from './start-session.ts';
import { StopController } from './stop-controller.ts';
import { vectorNotices } from './vector-notices.ts';
import { tellOfPauses, watchPauses } from './watch-pauses.ts';
import { newIdentity } from './worker-state.ts';

type SessionPlace = Pick<
  Ready,
  'settings' | 'namespace' | 'simulated' | 'model' | 'logger' | 'alarms' | 'engine' | 'alone' | 'onNotice'
>;
type ResolvedLane = Pick<Ready, 'lane' | 'old' | 'differing' | 'sessionTools'>;

/**
 * Opens the engine and starts the stages. Throws Failures of kind `fatal` that say what to do: a data directory in use,
 * a bad prompt, a bad setting. A start that fails leaves nothing open and nobody at work.
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const stop = new StopController();
  return openAll((opened) => {
    const opening = open(options, stop, opened);
    // Before anything is closed: stages that are at work already have to end.
    opening.catch(() => stop.drain());
    return opening;
  });
}

async function open(
  options: SessionOptions,
  stop: StopController,
  opened: AsyncDisposableStack,
): Promise<Session> {
  const { stages, shadows = false, onEvent, stuckMs } = options;
  const place = await openPlace(options, opened);
  const { engine, alarms, onNotice } = place;
  const resolved = await resolveLane(options, place, opened);
  const { lane, sessionTools } = resolved;
  const able = stagesAbleTo(lane, stages, alarms, sessionTools.tools);
  const prepared = shadows ? await prepareShadows({ ...place, model: options.model }, lane) : [];
  const identity = newIdentity();
  const { store } = engine;
  const pays = !place.alone || prepared.length > 0;
  const journal = await openJournal({ ...place, store, stop: stop.signals, identity, pays });
  opened.defer(() => journal.close());
  const pauses = await watchPauses(store.pauses);
  opened.defer(() => pauses.stop());
  for (const stage of stages ?? stageNames()) pauses.of(stage).subscribe(tellOfPauses(stage, onNotice));
  const { unsaved } = journal;
  const ready = { stop, identity, unsaved, pauses, prepared, opened, onEvent, stuckMs };
  return startSession({ ...place, ...resolved, ...ready }, able);
}

/** Where a session works: its model, log file, alarms and engine, with the topics there. */
async function openPlace(options: SessionOptions, opened: AsyncDisposableStack): Promise<SessionPlace> {
  const { settings, model: given, stages, shadows, onNotice = () => undefined } = options;
  const alone = stages?.length === 0;
  const model = given ?? (await modelOf(alone && shadows === true ? withFirstShadow(settings) : settings));
  const simulated = given?.simulated ?? isSimulated(settings);
  if (given === undefined) for (const text of endpointNotices(settings)) onNotice(text);
  const namespace = namespaceOf(settings, simulated);
  const log = openLogFile(join(settings.data, `${namespace}.log`), options.logTo);
  opened.defer(() => log.close());
  const { logger } = log;
  const alarms = alarmsTold(logger, onNotice);
  const told = { logger, alarms, onNotice };
  const engine = await openEngine({ settings, namespace, mode: 'consume', simulated, ...told });
  opened.defer(() => engine.close());
  await engine.log.ensureTopics(pipelineTopics(namespace, engine.partitions));
  return { settings, namespace, simulated, model, logger, alarms, engine, alone, onNotice };
}

function alarmsTold(logger: Logger, onNotice: (text: string) => void): Alarms {
  const alarms = new Alarms();
  alarms.changes.subscribe((change) => {
    logAlarm(logger, change);
    // Displays show the circuits themselves.
    if (change.alarm.kind !== 'circuit_open') onNotice(noticeOf(change));
  });
  return alarms;
}

/** The lane with its recipes, and the tools that its research looks things up with. */
async function resolveLane(
  { redo, newRecipe = false, openLane, stages, tools: own }: SessionOptions,
  { settings, namespace, simulated, engine, alone, onNotice }: SessionPlace,
  opened: AsyncDisposableStack,
): Promise<ResolvedLane> {
  const main = await engine.store.lanes.get(MAIN_LANE);
  const before = { lane: main, alone, onNotice: openLane === undefined ? onNotice : () => undefined };
  const mode = await researchMode(settings, { ...before, hasTools: hasOwnTools(own) });
  const userTurn = userTurnFor(settings, before);
  const looksUp = mode === 'tools' && (stages ?? stageNames()).includes('research');
  const sessionTools = looksUp ? await openTools({ settings, engine, simulated, own, opened }) : NO_TOOLS;
  const todays = await recipesOf(settings, { mode, userTurn, tools: sessionTools.tools });
  const recipes = looksUp ? todays : withToolsOf(todays, main);
  const shared = settings.mongo !== undefined;
  const { lane, old, differing } =
    openLane === undefined
      ? await laneForRun(engine.store, { recipes, simulated, redo, worked: !alone, shared, newRecipe })
      : { lane: await openLane(engine, namespace), old: new Map(), differing: undefined };
  registerTypesOf(lane);
  if (!alone) for (const text of withoutTexts(lane)) onNotice(text);
  if (looksThrough(mode) && !alone)
    for (const text of await vectorNotices(settings, simulated)) onNotice(text);
  return { lane, old, differing, sessionTools };
}

/** What a person is told of stages that are registered here and came after the lane: it goes on without them. */
function withoutTexts({ name, recipes }: Pick<Lane, 'name' | 'recipes'>): readonly string[] {
  const has = new Set(recipes.stages?.map((stage) => stage.name));
  return addedRows()
    .filter((row) => !has.has(row.name))
    .map((row) => {
      const { name: plugin = '', version = '' } = stageSlot.sourceOf(row.name) ?? {};
      return `Lane ${name} was opened before the stage ${row.name} of ${plugin} ${version}, and goes on without it. To give it to the lane: --new-recipe.`;
    });
}
