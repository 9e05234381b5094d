import type { JournalEntry } from '../../../infra/journal/journal-entry.ts';
import type { Store } from '../../../stages/store/store.ts';
import { worksOf } from '../../../stages/store/works-of.ts';
import { asFailure } from '../../../streams/failure.ts';
import type { UnsavedOfWork } from '../../../streams/work/journal.ts';
import type { Persist } from '../../../streams/work/persist.ts';
import type { Step } from '../../../streams/work/step.ts';
import type { WorkId, WorkStore } from '../../../streams/work/work.ts';
import type { LeftAnswer } from './left-answers.ts';
import type { AnswerReading } from './read-arrival.ts';
import { readArrival } from './read-arrival.ts';
import { workIn } from './work-in.ts';

export type EntryDeps = Readonly<{ store: Store; persist: Persist; reading: AnswerReading }>;

/**
 * What became of an entry. `dropped`: another result of its work stands, or nobody wants it any more. `held`: another
 * process holds the work. `unknown`: this Millrace cannot read it.
 */
export type EntryEnd =
  | Readonly<{ kind: 'stored' | 'dropped' | 'unknown' }>
  /** One step more, and its work goes on. */
  | Readonly<{ kind: 'step'; held: Extract<UnsavedOfWork, { kind: 'step' }> }>
  | Readonly<{ kind: 'failed-attempt'; attempt: Extract<UnsavedOfWork, { kind: 'attempt' }> }>
  | Readonly<{ kind: 'held'; answer: LeftAnswer }>;

/** Stores an entry under its claim. Safe to repeat. */
export async function storeEntry(entry: JournalEntry, deps: EntryDeps): Promise<EntryEnd> {
  try {
    if (entry.kind === 'look-up') {
      await deps.persist(() => deps.store.lookUps.keep(entry.lookUp));
      return { kind: 'stored' };
    }
    const unsaved =
      entry.kind === 'arrival' ? await readArrival(entry.arrival, entry.body, readingOf(deps)) : entry;
    return await storeUnsaved(unsaved, deps);
  } catch (error) {
    const failure = asFailure(error);
    if (failure.kind === 'poison') return { kind: 'dropped' };
    if (failure.kind === 'fatal' && UNKNOWN.has(failure.code)) return { kind: 'unknown' };
    throw failure;
  }
}

const UNKNOWN: ReadonlySet<string> = new Set(['unknown_stage', 'unknown_training_type', 'unexpected']);

function readingOf({ store, persist, reading }: EntryDeps): AnswerReading {
  const stepsOf = (stage: string, workId: WorkId) =>
    persist(async () => (await worksOf(store, stage)?.steps(workId)) ?? []);
  return { ...reading, stepsOf };
}

/** The result was checked by the schema of its stage when it was read. */
async function storeUnsaved(unsaved: UnsavedOfWork, { store, persist }: EntryDeps): Promise<EntryEnd> {
  const works = worksOf(store, unsaved.stage);
  if (works === undefined) return { kind: 'unknown' };
  if (unsaved.kind === 'attempt') {
    await persist(() => works.recordAttempt(unsaved, unsaved.attempt));
    return { kind: 'failed-attempt', attempt: unsaved };
  }
  if (unsaved.kind === 'step') {
    const kept = await persist(async () => works.appendStep(unsaved, await placed(unsaved, works)));
    return kept === 'stored' ? { kind: 'step', held: unsaved } : { kind: 'dropped' };
  }
  if ((await persist(() => works.complete(unsaved, unsaved.finished))) === 'stored')
    return { kind: 'stored' };
  const waits = await persist(() => isClaimed(store, unsaved.workId));
  return waits ? { kind: 'held', answer: unsaved } : { kind: 'dropped' };
}

/** Where it stands already, or next: what was free and stood before it may be lost, and is looked up again. */
async function placed(
  { workId, step }: Extract<UnsavedOfWork, { kind: 'step' }>,
  works: Pick<WorkStore<unknown>, 'steps'>,
): Promise<Step> {
  const existing = await works.steps(workId);
  const known = existing.find(({ key }) => key === step.key);
  return { ...step, n: known?.n ?? Math.min(step.n, existing.length) };
}

async function isClaimed(store: Store, workId: WorkId): Promise<boolean> {
  const { lane, questionId, stage, revision } = workIn(workId);
  const histories = await store.reports.histories(questionId);
  const works = histories.filter((each) => each.lane === lane).flatMap((each) => each.works);
  return works.some((work) => work.stage === stage && work.revision === revision && work.state === 'claimed');
}
