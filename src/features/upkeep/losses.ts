import { randomUUID } from 'node:crypto';
import type { Engine } from '../../infra/engines/engine.ts';
import { MAIN_LANE } from '../../stages/lanes/lane.ts';
import { smaller } from '../../stages/lanes/offsets.ts';
import { decodeMessage, questionsMessage } from '../../stages/message.ts';
import { questionIdOf } from '../../stages/question.ts';
import { groupOf, topicsOf } from '../../stages/stage-names.ts';
import { allCount } from '../../stages/status.ts';
import type { Store } from '../../stages/store/store.ts';
import type { Log, LogRecord } from '../../streams/log/log.ts';
import { readRange } from '../../streams/log/read-range.ts';
import type { QuestionId } from '../../streams/work/work.ts';
import { type Cut, type LagLog, settledTo, unreadCuts } from '../flow/lag.ts';

/** What a person is told of records that were deleted unread. */
export function cutText({ topic, records }: Cut): string {
  const what = records === 1 ? '1 record was' : `${records} records were`;
  return `${what} deleted from ${topic} before anybody had read them: by its retention, or by hand. ${CUT_MEND}`;
}

const CUT_MEND =
  'Ask for the same questions again (millrace ingest FILE): those that are stored are not asked twice. Those that stand still go on with millrace repair.';

/** What is said where the store has lost what it had. */
export function emptiedText(namespace: string, settled: number): string {
  const records = settled === 1 ? '1 record' : `${settled} records`;
  return `The database ${namespace} was dropped or put back: ${records} of questions were stored in it, and they are gone.`;
}

export const EMPTIED_MEND =
  'millrace repair asks again for what the topic of questions still holds (calls that were stored in that database are paid again)';

type Looked = Readonly<{ log: LagLog; store: Pick<Store, 'reports' | 'forgotten' | 'deadLetters'> }>;

/** Records of questions that stage 1 has settled, while the store knows of no question at all: it is not the one that they were stored in. 0: all is well. */
export async function emptiedStore({ log, store }: Looked, namespace: string): Promise<number> {
  const settled = await settledQuestions(log, namespace);
  if (settled === 0) return 0;
  return (await knowsNothing(store)) ? settled : 0;
}

/** What of the topics was deleted before anybody read it. Rejects with a Failure while log or store is away. */
export function lostRecords({ log, store }: Looked, namespace: string): Promise<readonly Cut[]> {
  return unreadCuts(log, namespace, () => knowsNothing(store));
}

/** Whether no question was ever stored. Where all of them were forgotten, or were none, it knows of that. */
async function knowsNothing({ reports, forgotten, deadLetters }: Looked['store']): Promise<boolean> {
  const counts = await reports.counts(MAIN_LANE);
  if (allCount(counts) > 0) return false;
  return !(await forgotten.any()) && (await deadLetters.latest(1)).count === 0;
}

async function settledQuestions(log: LagLog, namespace: string): Promise<number> {
  const committed = await log.committedOffsets(
    groupOf(namespace, 'questions'),
    topicsOf(namespace).questions,
  );
  return Number([...committed.values()].reduce((sum, next) => sum + next, 0n));
}

export type MissingQuery = Readonly<{
  namespace: string;
  /** Of each partition only so many of its first records. Default: all. */
  most?: bigint;
  /** Passed over as well. */
  gone?: ReadonlySet<QuestionId>;
}>;

/**
 * Visits the records of questions of `main` that stage 1 has settled and the store does not know: it was dropped, or put back to an older
 * state. Not those of forgotten questions. Resolves with how many records were looked at.
 */
export async function missingQuestions(
  { log, store }: Readonly<{ log: Log; store: Pick<Store, 'reports' | 'forgotten'> }>,
  { namespace, most, gone = new Set() }: MissingQuery,
  visit: (record: LogRecord) => Promise<void>,
): Promise<number> {
  const topic = topicsOf(namespace).questions;
  const from = await log.beginningOffsets(topic);
  const settled = await settledTo(log, topic, groupOf(namespace, 'questions'));
  const ends = await log.endOffsets(topic);
  const until = new Map(
    [...settled].map(([partition, next]) => {
      const last = smaller(next, ends.get(partition) ?? 0n);
      const begin = from.get(partition) ?? 0n;
      return [partition, most === undefined ? last : smaller(last, begin + most)];
    }),
  );
  let looked = 0;
  const seen = new Set<QuestionId>(gone);
  await readRange(log, { topic, group: `${topic}.missing-${randomUUID()}`, from, until }, async (record) => {
    looked += 1;
    const id = questionIn(record);
    if (id === undefined || seen.has(id)) return;
    if ((await store.reports.statusOf(MAIN_LANE, id)) !== undefined) return;
    if (await store.forgotten.isMarked(id)) return;
    seen.add(id);
    await visit(record);
  });
  return looked;
}

/**
 * Asks again for every question that the topic still holds and the store does not know, but for those that were forgotten: their
 * tombstones say so, and their marks, which went with the database, are set again. Resolves with how many. Safe to repeat.
 */
export async function askAgain(engine: Engine, namespace: string): Promise<number> {
  const topic = topicsOf(namespace).questions;
  const gone = await tombstonesOf(engine.log, topic);
  const { forgotten } = engine.store;
  await forgotten.mark([...gone]);
  await forgotten.finish([...gone]);
  let count = 0;
  await missingQuestions(engine, { namespace, gone }, async ({ key, value, headers }) => {
    if (key === null) return;
    await engine.log.publish(topic, [{ key, value, headers }]);
    count += 1;
  });
  return count;
}

async function tombstonesOf(log: Log, topic: string): Promise<ReadonlySet<QuestionId>> {
  const [from, until] = [await log.beginningOffsets(topic), await log.endOffsets(topic)];
  const group = `${topic}.missing-${randomUUID()}`;
  const gone = new Set<QuestionId>();
  await readRange(log, { topic, group, from, until }, async ({ key, value, unreadable }) => {
    if (value === null && unreadable === undefined && QUESTION_ID.test(key ?? ''))
      gone.add(key as QuestionId);
  });
  return gone;
}

/** Of a record of the lane that everybody asks in; what is no question has been dealt with. */
function questionIn(record: LogRecord): QuestionId | undefined {
  if (record.value === null) return undefined;
  try {
    const { lane, question } = decodeMessage(questionsMessage, record);
    return lane === MAIN_LANE ? questionIdOf(question) : undefined;
  } catch {
    return undefined;
  }
}

const QUESTION_ID = /^[0-9a-f]{24}$/;
