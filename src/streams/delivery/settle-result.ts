import { asFailure, Failure } from '../failure.ts';
import type { Log, LogRecord } from '../log/log.ts';
import type { Persist } from '../work/persist.ts';
import { type Attempt, type WorkKey, workIdOf } from '../work/work.ts';
import { cutDeadLetter, fittingDeadLetter, isCut } from './cut-dead-letter.ts';
import { type DeadLetter, deadLetterSentAgain, deadLetterTopic } from './dead-letter.ts';
import type { PublishedMarks } from './published-marks.ts';
import { DEAD_LETTERED } from './question-status.ts';
import type { StageResult } from './stage.ts';
import type { StatusRepository } from './status-repository.ts';

export type SettleDeps = Readonly<{
  log: Pick<Log, 'publish'>;
  questions: StatusRepository;
  marks: PublishedMarks;
  persist: Persist;
}>;

/** A record that died, and why. */
export type Death = Readonly<{
  stage: string;
  record: LogRecord;
  work: WorkKey | undefined;
  failure: Failure;
  attempts: readonly Attempt[];
}>;

/**
 * The one place that acts on a StageResult. When it resolves, the question's status and the next records are durable:
 * the offset may be settled. Repeating it is safe.
 */
export async function settleResult(deps: SettleDeps, result: StageResult, death: Omit<Death, 'failure'>) {
  const { work } = death;
  if (work === undefined) return;
  switch (result.kind) {
    case 'emit':
    case 'finish':
      await Promise.all([
        deps.persist(() => deps.questions.move({ work, status: result.status })),
        deps.persist(() => deps.log.publish(result.topic, result.records)),
      ]);
      return deps.marks.add(workIdOf(work));
    case 'hold':
      await deps.persist(() => deps.questions.move({ work, status: result.status, waiting: result.waiting }));
      if (result.records.length > 0) await deps.persist(() => deps.log.publish(result.topic, result.records));
      return deps.marks.add(workIdOf(work));
    case 'dead-letter':
      return settleDeath(deps, { ...death, failure: result.failure });
    default:
      return result satisfies never;
  }
}

/**
 * Keeps a dead letter in the store and in its topic, then lets the question end there. What is too large to be kept whole is
 * kept cut: a record that cannot even be buried would end every worker that meets it.
 */
export async function settleDeath(deps: SettleDeps, death: Death): Promise<void> {
  const deadLetter = await fittingDeadLetter(deadLetterOf(death), death.record);
  const kept = await refusedAs(deadLetter, (each) => deps.persist(() => deps.questions.putDeadLetter(each)));
  if (kept === undefined) throw storeTakesNone(deadLetter);
  // A topic that takes less than the store, or nothing now: the dead letter in the store is the one that is sent again.
  await refusedAs(kept, (each) => deps.persist(() => publishDeadLetter(deps, each)));
}

/** The dead letter as it was taken, whole or cut; `undefined` where neither was. */
async function refusedAs(
  deadLetter: DeadLetter,
  keep: (deadLetter: DeadLetter) => Promise<unknown>,
): Promise<DeadLetter | undefined> {
  for (const make of isCut(deadLetter) ? [same] : [same, cutDeadLetter]) {
    const each = await make(deadLetter);
    const failure = await keep(each).then(
      () => undefined,
      (error: unknown) => asFailure(error),
    );
    if (failure === undefined) return each;
    if (failure.kind !== 'poison') throw failure;
  }
  return undefined;
}

const same = async (deadLetter: DeadLetter) => deadLetter;

async function publishDeadLetter(deps: SettleDeps, deadLetter: DeadLetter): Promise<void> {
  const { topic, key, value, headers, id } = deadLetter;
  const record = { key: key ?? id, value, headers: { ...headers, ...describe(deadLetter) } };
  await deps.log.publish(deadLetterTopic(topic), [record]);
}

function storeTakesNone({ id, topic, partition, offset }: DeadLetter): Failure {
  const text = `The store takes no dead letter of ${id}, not even in part: does a rule of somebody else's stand on its dead letters? The record at ${topic}:${partition}:${offset} is not passed over without one.`;
  return new Failure('fatal', 'dead_letter_refused', text);
}

/** The question's end as a dead letter; nothing for a record that could not be decoded. */
export async function moveToDead(deps: SettleDeps, work: WorkKey | undefined): Promise<void> {
  if (work !== undefined) await deps.persist(() => deps.questions.move({ work, status: DEAD_LETTERED }));
}

/**
 * A record that was sent again has come to an end: its dead letter is closed, unless it has just died again. An undecodable one
 * that was decoded now has another dead letter, or none.
 */
export async function closeDeadLetters(
  deps: SettleDeps,
  record: LogRecord,
  work: WorkKey,
  end: 'alive' | 'dead',
): Promise<void> {
  const again = deadLetterSentAgain(record);
  if (end === 'alive' && work.drive > 0)
    await deps.persist(() => deps.questions.closeDeadLetter(workIdOf(work)));
  if (again !== undefined) await deps.persist(() => deps.questions.closeDeadLetter(again.id));
}

function deadLetterOf({ stage, record, work, failure, attempts }: Death): DeadLetter {
  const { topic, partition, offset, key, value, headers } = record;
  const again = deadLetterSentAgain(record);
  const undecoded = again ?? { id: `${topic}:${partition}:${offset}`, drive: 0 };
  const { id, drive } = work === undefined ? undecoded : { id: workIdOf(work), drive: work.drive };
  const { kind, code, message } = failure;
  const at = new Date().toISOString();
  return {
    id,
    stage,
    topic,
    partition,
    offset,
    key,
    value,
    headers,
    work,
    drive,
    kind,
    code,
    message,
    attempts,
    at,
  };
}

function describe(deadLetter: DeadLetter): Record<string, string> {
  return {
    'millrace-dead-letter-id': deadLetter.id,
    'millrace-source': `${deadLetter.topic}:${deadLetter.partition}:${deadLetter.offset}`,
    'millrace-failure': `${deadLetter.kind}/${deadLetter.code}`,
    'millrace-message': deadLetter.message.slice(0, 1_000),
    'millrace-attempts': String(deadLetter.attempts.length),
  };
}
