import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { secretsOf } from '../../../infra/config/secrets.ts';
import type { Settings } from '../../../infra/config/settings.ts';
import { adoptJournals } from '../../../infra/journal/adopt-journals.ts';
import { JournalFiles } from '../../../infra/journal/journal-files.ts';
import { leftSpills } from '../../../infra/journal/spill-files.ts';
import type { ChatModel } from '../../../stages/agent/chat-model.ts';
import { LaneCache } from '../../../stages/lanes/lane-cache.ts';
import type { Store } from '../../../stages/store/store.ts';
import type { AlarmSink } from '../../../streams/alarms.ts';
import { asFailure, type Failure } from '../../../streams/failure.ts';
import { inTime } from '../../../streams/in-time.ts';
import { isStopping, type StopSignals } from '../../../streams/stop.ts';
import { type Persist, persistThrough } from '../../../streams/work/persist.ts';
import { UnsavedWrites } from '../../../streams/work/unsaved-writes.ts';
import { startingState, type WorkerIdentity } from '../session/worker-state.ts';
import { type Restored, storeLeft } from './store-left.ts';

export type OpenJournalOptions = Readonly<{
  settings: Settings;
  namespace: string;
  store: Store;
  model: ChatModel;
  stop: StopSignals;
  alarms: AlarmSink;
  logger: Logger;
  identity: WorkerIdentity;
  /** Whether somebody here makes calls that are paid for. */
  pays: boolean;
  onNotice(text: string): void;
}>;

/** `close` leaves nothing open, no file whose answers the store has, no note of it, and no worker listed that never came to work. */
export type OpenJournal = Readonly<{ unsaved: UnsavedWrites; close(): Promise<void> }>;

/** What people are told must not hold up an end. */
const GOODBYE_MS = 2_000;

/**
 * Stores what earlier processes did not, and is ready to keep what comes to this one: where several machines share the store,
 * with a note of where. Waits while the store is away, and says so.
 */
export async function openJournal(options: OpenJournalOptions): Promise<OpenJournal> {
  const { settings, namespace, store, stop, identity, pays, alarms, logger, onNotice } = options;
  const directory = settings.data;
  const { id } = identity;
  const told = ({ code, message }: Failure) => logger.error({ code }, message);
  let mustTell = true;
  const persist = persistThrough(stop, (failure) => {
    told(failure);
    if (mustTell) onNotice(waitingText(failure));
    mustTell = false;
  });
  const restored = await restore(options, persist);
  if (restored.text !== undefined) {
    logger.info(restored.text);
    onNotice(restored.text);
  }
  const note = { id, host: hostname(), directory: resolve(directory), since: new Date().toISOString() };
  let noted = Promise.resolve();
  let isOpen = false;
  const tellOfIt = async () => {
    // Whoever is noted and not listed counts as gone silent. Once at work, it lists itself.
    if (!isOpen) await store.workers.show(startingState(identity)).catch(() => undefined);
    await store.journals.note(note);
  };
  const journal = new JournalFiles({
    ...{ directory, namespace, id },
    onTrouble: (reason) => alarms.raise('journal_unwritable', directory, unwritable(directory, reason)),
    onWritten: () => alarms.clear('journal_unwritable', directory),
    onBegun: () => {
      noted = persist(tellOfIt).catch((error: unknown) => {
        const failure = asFailure(error);
        told(failure);
        if (!isStopping(failure)) onNotice(notNoted(directory, failure));
      });
    },
  });
  if (settings.mongo !== undefined && pays) {
    // Before anybody is paid, so that it stands wherever a kill comes; with a file, by which the next start takes it out.
    journal.begin();
    await noted;
  }
  // Nobody waits for what is written from now on.
  mustTell = false;
  isOpen = true;
  const onLeft = (kept: number, lost: number) => {
    const text = leftText(directory, kept, lost);
    logger.error({ kept, lost }, text);
    onNotice(text);
  };
  const unsaved = new UnsavedWrites({ journal, stop, atHand: restored.answers, onLeft });
  const close = async () => {
    if (journal.close() !== 'stored') return;
    const goodbye = async () => {
      await noted;
      await store.journals.stored(id);
      await store.workers.remove(id);
    };
    await inTime(
      goodbye().catch(() => undefined),
      GOODBYE_MS,
      () => undefined,
    );
  };
  return { unsaved, close };
}

async function restore(
  { settings, namespace, store, model, logger, onNotice }: OpenJournalOptions,
  persist: Persist,
) {
  const onUnusable = (what: string) => {
    const text = `Paid answers that cannot be used, and may be paid for again: ${what}. The file is kept.`;
    logger.error(text);
    onNotice(text);
  };
  const left = {
    journals: adoptJournals(settings.data, namespace, (path, reason) => onUnusable(`${path}: ${reason}`)),
    spills: leftSpills(settings.data, namespace),
  };
  const lanes = new LaneCache(store.lanes);
  const reading = {
    lanes: { get: (name: Parameters<LaneCache['get']>[0]) => persist(() => lanes.get(name)) },
    longestAnswer: (name: string) => model.longestAnswer?.(name),
    prices: settings.prices ?? {},
    secrets: secretsOf(settings),
  };
  const onStored = (journalId: string) =>
    persist(() => store.journals.stored(journalId)).catch(() => undefined);
  const restored = await storeLeft(left, { store, persist, reading }, { onUnusable, onStored });
  return { answers: restored.answers, text: foundText(restored) };
}

/** `undefined` where there was nothing. */
function foundText({ stored, dropped, atHand }: Restored): string | undefined {
  if (stored + dropped + atHand === 0) return undefined;
  const counts = `${stored} stored, ${dropped} superseded, ${atHand} kept for later`;
  return `Answers that an earlier process left in its journal: ${counts}.`;
}

function waitingText({ message }: Failure): string {
  return `The start waits for the store, to keep paid answers safe: ${message}`;
}

function notNoted(directory: string, { message }: Failure): string {
  return `MongoDB has no note of the journal in ${directory}, and doctor does not name it if this process is killed: ${message}`;
}

function leftText(directory: string, kept: number, lost: number): string {
  const where = `${kept} in the journal in ${directory}, which the next start stores`;
  const gone = `${lost} lost, since the journal could not be written either, and paid for again`;
  return `Paid answers that could not be stored: ${lost === 0 ? where : `${where}; ${gone}`}.`;
}

function unwritable(directory: string, reason: string): string {
  return `The journal in ${directory} cannot be written (${reason}): answers that the store does not take either are in memory only, and paid for again if the process ends before that is mended. Free some space, or mend the directory.`;
}
