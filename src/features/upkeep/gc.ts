import { rmSync } from 'node:fs';
import type { Engine } from '../../infra/engines/engine.ts';
import {
  type JournalFile,
  journalBytes,
  type ListedJournals,
  listJournals,
  type UnusableJournal,
} from '../../infra/journal/list-journals.ts';
import { journalIdOf } from '../../infra/journal/segment-names.ts';
import { shadowGroupOf, shadowOfLane } from '../../stages/judges/shadow-name.ts';
import type { Lane } from '../../stages/lanes/lane.ts';
import { offsetsIn, smaller } from '../../stages/lanes/offsets.ts';
import { groupOf, topicOf, topicsOf, workedNames } from '../../stages/stage-names.ts';
import type { IdleLane } from '../../stages/store/cleanup.ts';
import type { JournalNote } from '../../stages/store/journal-repository.ts';
import { LISTED_SECONDS } from '../../stages/store/worker-repository.ts';
import { deadLetterTopic } from '../../streams/delivery/dead-letter.ts';
import { Failure } from '../../streams/failure.ts';
import type { Offset } from '../../streams/log/log.ts';
import type { LaneName } from '../../streams/work/work.ts';
import { isAtWork } from '../judges/is-at-work.ts';
import { shadowLags } from '../judges/shadow-lags.ts';
import { rewriteLedger, type StaleLedger, staleLedger } from './rewrite-ledger.ts';

export type GcOptions = Readonly<{
  /** What was touched since then stays. */
  before: Date;
  /** Only this lane, and nothing else. */
  lane?: LaneName | undefined;
  /** Records of the topics too. */
  records: boolean;
  /** Steps of questions that ended before then. Absent: steps stay. */
  stepsBefore?: Date | undefined;
  /** Look-ups that were kept before then, though they could be used. Absent: only those whose time is over. */
  lookUpsBefore?: Date | undefined;
  /** The data directory, whose journals are looked at. Absent: none are. */
  data?: string | undefined;
}>;

/** Records of a topic that can go: those before these offsets. */
type OldRecords = Readonly<{ topic: string; count: number; before: ReadonlyMap<number, Offset> }>;

/** A shadow judge that is to go with its lane, its group and all that it said. */
type OldShadow = Readonly<{ name: string; lane: LaneName; group: string }>;

export type GcPlan = Readonly<{
  lanes: readonly IdleLane[];
  /** Only where its lane was asked for: no question says whether it is still wanted. */
  shadows: readonly OldShadow[];
  closedDeadLetters: number;
  /** Settled questions whose steps are to go. */
  steps: number;
  /** Kept look-ups whose time is over, or that are as old as was asked. */
  lookUps: number;
  /** Groups of replays that are over. */
  groups: readonly string[];
  records: readonly OldRecords[];
  /** Forgotten examples that the ledger still holds, whatever their age. */
  ledger: StaleLedger | undefined;
  /** Files of journals that were set aside because a part of them cannot be read. */
  journals: readonly JournalFile[];
  /** Notes of journals whose workers have been silent for so long, or of which the last file goes. */
  journalNotes: readonly JournalNote[];
  /** Why more could not go. */
  notes: readonly string[];
}>;

const NOTHING: GcPlan = {
  ...{ lanes: [], shadows: [], closedDeadLetters: 0, steps: 0, lookUps: 0, groups: [], records: [] },
  ...{ ledger: undefined, journals: [], journalNotes: [], notes: [] },
};

const NO_JOURNALS: ListedJournals = { files: [], unusable: [], damaged: [] };

/** What is old and settled. Nothing is changed. */
export async function planGc(engine: Engine, namespace: string, options: GcOptions): Promise<GcPlan> {
  const { cleanup } = engine.store;
  const { before, lane, data, stepsBefore, lookUpsBefore } = options;
  const idle = await cleanup.idleLanes(before);
  if (lane !== undefined) return planLane(engine, namespace, lane, idle);
  const busy = await cleanup.busyLanes();
  const groups = busy.length > 0 ? [] : await leftoverGroups(engine, namespace);
  const { files, unusable, damaged } = data === undefined ? NO_JOURNALS : listJournals(data, namespace);
  const journals = damaged.filter(({ changedAt }) => changedAt < before);
  const closedDeadLetters = await cleanup.countClosedDeadLetters(before);
  const steps = stepsBefore === undefined ? 0 : await cleanup.countOldSteps(stepsBefore);
  const lookUps = await engine.store.lookUps.countOld(Date.now(), lookUpsBefore?.getTime());
  const silent = await engine.store.journals.waiting();
  const staying = [...files, ...unusable, ...damaged.filter((file) => !journals.includes(file))];
  const going = idsOf(journals).difference(idsOf(staying));
  const journalNotes = silent.filter(({ id, since }) => new Date(since) < before || going.has(id));
  const found = { lanes: idle, closedDeadLetters, steps, lookUps, groups, journals, journalNotes };
  const notes = [...(files.length === 0 ? [] : [journalNote(files)]), ...unusable.map(unusableNote)];
  const plan = { ...NOTHING, ...found, notes };
  if (!options.records) return plan;
  const stale = await staleLedger(engine, namespace);
  const held = stale === undefined || stale.heldBy.length === 0 ? [] : [ledgerNote(stale)];
  const ledger = held.length === 0 ? stale : undefined;
  if (busy.length > 0) {
    const stay = `Records stay: a replay is at work, or waits for a person, in ${busy.join(', ')}.`;
    return { ...plan, ledger, notes: [...notes, ...held, stay] };
  }
  const shadows = await engine.store.shadows.shadows();
  const records = await oldRecords(engine, { namespace, before, leftover: groups, shadows });
  const pins = await pinNotes(engine, namespace, shadows);
  return { ...plan, records, ledger, notes: [...notes, ...held, ...pins] };
}

function idsOf(files: readonly JournalFile[]): Set<string> {
  return new Set(files.flatMap(({ path }) => journalIdOf(path) ?? []));
}

function ledgerNote({ topic, count, heldBy }: StaleLedger): string {
  const records = count === 1 ? '1 record' : `${count} records`;
  return `${records} of forgotten questions stay on ${topic}: not read yet by the group ${heldBy.join(', ')}. Let it read on, or delete it.`;
}

function journalNote(files: readonly JournalFile[]): string {
  return `Journals stay, ${journalBytes(files)} bytes: a run at work empties its own, and the next start stores what others left.`;
}

/** Whoever made it can still use it. */
function unusableNote({ path, bytes, reason }: UnusableJournal): string {
  return `${path} stays, ${bytes} bytes of a journal that this Millrace cannot use: ${reason}. Who does not need its answers deletes it.`;
}

/**
 * Does what the plan says, in small steps beside whoever is at work. Safe to repeat and to interrupt. Rejects with a Failure
 * of kind `fatal` (`shadow_at_work`) where a shadow judge of the plan still judges; what it said stays.
 */
export async function gc(
  engine: Engine,
  plan: GcPlan,
  { before, stepsBefore, lookUpsBefore }: Pick<GcOptions, 'before' | 'stepsBefore' | 'lookUpsBefore'>,
): Promise<void> {
  const { store, admin } = engine;
  for (const shadow of plan.shadows) {
    if (await isAtWork(store.workers, shadow.name)) throw atWork(shadow);
    if ((await admin.deleteGroup(shadow.group)) === 'in-use') throw atWork(shadow);
    await store.cleanup.dropLane(shadow.lane);
  }
  for (const { name } of plan.lanes) await store.cleanup.dropLane(name);
  if (plan.closedDeadLetters > 0) await store.cleanup.dropClosedDeadLetters(before);
  if (stepsBefore !== undefined && plan.steps > 0) await store.cleanup.dropOldSteps(stepsBefore);
  if (plan.lookUps > 0) await store.lookUps.dropOld(Date.now(), lookUpsBefore?.getTime());
  for (const group of plan.groups) await admin.deleteGroup(group);
  for (const { topic, before: offsets } of plan.records) await admin.deleteRecords(topic, offsets);
  if (plan.ledger !== undefined) await rewriteLedger(engine, plan.ledger);
  for (const { path } of plan.journals) rmSync(path, { force: true });
  for (const { id } of plan.journalNotes) await store.journals.stored(id);
}

async function planLane(
  { store }: Engine,
  namespace: string,
  lane: LaneName,
  idle: readonly IdleLane[],
): Promise<GcPlan> {
  const shadow = shadowOfLane(lane);
  if (shadow !== undefined && (await store.lanes.get(lane))?.shadow === true) {
    const group = shadowGroupOf(namespace, shadow);
    return { ...NOTHING, shadows: [{ name: shadow, lane, group }] };
  }
  const lanes = idle.filter(({ name }) => name === lane);
  const why = `Lane ${lane} stays: it is main, unknown, too young, unsettled, or another lane or a replay rests on it.`;
  return { ...NOTHING, lanes, notes: lanes.length === 0 ? [why] : [] };
}

function atWork({ name }: OldShadow): Failure {
  const message = `The shadow judge ${name} is still at work. Stop every worker and run whose settings name it, then say this again; one that was killed is listed for ${LISTED_SECONDS} s more.`;
  return new Failure('fatal', 'shadow_at_work', message);
}

async function leftoverGroups({ admin, store }: Engine, namespace: string): Promise<readonly string[]> {
  const open = (await store.cleanup.openReplays()).map(({ group }) => group);
  const groups = await admin.groups();
  return groups
    .filter(({ group }) => group.startsWith(`${namespace}.`) && group.includes('.replay.'))
    .filter(({ members = 0 }) => members === 0)
    .filter(({ group }) => !open.some((each) => group === each || group.startsWith(`${each}.`)))
    .map(({ group }) => group);
}

type RecordsOptions = Readonly<{
  namespace: string;
  before: Date;
  leftover: readonly string[];
  shadows: readonly Lane[];
}>;

/**
 * Records that every group which ever read the topic is past, and that are old enough. Nothing of the ledger goes by its
 * age, and nothing of a stage's topic that nobody has read yet.
 */
async function oldRecords(
  engine: Engine,
  { namespace, before, leftover, shadows }: RecordsOptions,
): Promise<readonly OldRecords[]> {
  const wanted = workedNames().flatMap((stage) => [
    { topic: topicOf(namespace, stage), reader: groupOf(namespace, stage), stage },
    { topic: deadLetterTopic(topicOf(namespace, stage)), reader: undefined, stage: undefined },
  ]);
  const groups = (await engine.admin.groups()).map(({ group }) => group);
  const replays = await engine.store.cleanup.openReplays();
  const found = wanted.map(async ({ topic, reader, stage }): Promise<readonly OldRecords[]> => {
    const [description] = await engine.admin.describeTopics([topic]);
    if (description === undefined) return [];
    const limits = [await engine.admin.offsetsAt(topic, before.getTime())];
    for (const group of new Set([...groups, ...(reader === undefined ? [] : [reader])])) {
      if (leftover.includes(group)) continue;
      const committed = await engine.log.committedOffsets(group, topic);
      if (committed.size > 0 || group === reader) limits.push(committed);
    }
    if (stage === 'review')
      limits.push(...(await Promise.all(shadows.map((lane) => readBy(engine, namespace, lane)))));
    for (const { wish: request, begin } of replays) if (request.stage === stage) limits.push(begin);
    const cuts = description.partitions.map(({ partition, begin, end }) => {
      const lowest = limits.reduce((least, limit) => smaller(least, limit.get(partition) ?? begin), end - 1n);
      return { partition, cut: lowest, count: lowest > begin ? lowest - begin : 0n };
    });
    const count = Number(cuts.reduce((sum, each) => sum + each.count, 0n));
    return count === 0
      ? []
      : [{ topic, count, before: new Map(cuts.map(({ partition, cut }) => [partition, cut])) }];
  });
  return (await Promise.all(found)).flat();
}

/** Of the shadow judges that are behind: what they have not read stays. */
async function pinNotes({ log }: Engine, namespace: string, shadows: readonly Lane[]) {
  const lagOf = shadowLags(log, namespace);
  const notes = shadows.map(async ({ name: lane }) => {
    const name = shadowOfLane(lane) ?? lane;
    const note = `Records for review that the shadow judge ${name} has not read stay; to end it: millrace gc --lane ${lane}`;
    return (await lagOf(name)) === 0 ? [] : [note];
  });
  return (await Promise.all(notes)).flat();
}

/** How far a shadow judge has read; one that has not committed yet stands where it was opened. */
async function readBy({ log }: Engine, namespace: string, { name, begin = [] }: Lane) {
  const group = shadowGroupOf(namespace, shadowOfLane(name) ?? name);
  const committed = await log.committedOffsets(group, topicsOf(namespace).review);
  return new Map([...offsetsIn(begin), ...committed]);
}
