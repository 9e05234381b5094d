import type { Engine } from '../../infra/engines/engine.ts';
import { eraseFromJournals, namedOnce, type Unerased } from '../../infra/journal/erase-journals.ts';
import type { JournalEntry } from '../../infra/journal/journal-entry.ts';
import { pipelineTopics } from '../../stages/pipeline.ts';
import { groupOf, topicsOf } from '../../stages/stage-names.ts';
import type { Holdings, QuestionQuery } from '../../stages/store/forgotten.ts';
import { Failure } from '../../streams/failure.ts';
import type { QuestionId } from '../../streams/work/work.ts';
import { lagOf, zeroIfUnknown } from '../flow/lag.ts';
import { workOfEntry } from '../run/journal/work-in.ts';

/** What is to be forgotten: one question, by its id or the beginning of it, or many. */
export type ForgetTarget =
  | Readonly<{ kind: 'question'; id: string }>
  | Readonly<{ kind: 'questions'; ids: readonly QuestionId[] }>
  | QuestionQuery;

export type ForgetPlan = Readonly<{
  ids: readonly QuestionId[];
  holdings: Holdings;
  /** Begun before and interrupted: finished along with the rest. */
  unfinished: readonly QuestionId[];
  /** Records that stage 1 has not stored yet: a run or a subject may have more questions among them. */
  waiting: number;
}>;

export type WasForgotten = Readonly<{
  questions: number;
  erased: Holdings;
  /** Answers in the journals of this data directory; those of other machines drop theirs at their next start. */
  journaled: number;
  /** Journals that could not be read or reached, and may hold answers still. */
  unerased: readonly Unerased[];
  /** `tombstones`: the topics still hold old values until they are taken out. */
  records: 'erased' | 'tombstones';
  /** `later`: the free space of the store’s files may still hold traces. */
  traces: 'shredded' | 'later';
}>;

const WHOLE_ID = /^[0-9a-f]{24}$/;
const SHORTEST_PREFIX = 6;

/** What forgetting would do; nothing is changed. Throws Failures (`no_question`, `bad_id`) that say what was found. */
export async function planForget(
  engine: Engine,
  namespace: string,
  target: ForgetTarget,
): Promise<ForgetPlan> {
  const { forgotten } = engine.store;
  const ids = await idsOf(engine, target);
  const [holdings, unfinished] = await Promise.all([forgotten.holdings(ids), forgotten.unfinished()]);
  const { questions } = topicsOf(namespace);
  const waiting = await lagOf(engine.log, questions, groupOf(namespace, 'questions')).catch(zeroIfUnknown);
  return { ids, holdings, unfinished, waiting };
}

/**
 * Marks the questions, deletes them from the store, then from every topic and every journal, in that order: from the first step on nothing
 * of them is taken any more, and after a kill on the way the next call finds what is left to do. Safe to
 * repeat, and beside whoever is at work.
 */
export async function forget(
  engine: Engine,
  { namespace, data }: Readonly<{ namespace: string; data: string }>,
  plan: ForgetPlan,
): Promise<WasForgotten> {
  const { forgotten } = engine.store;
  const ids = [...new Set([...plan.ids, ...plan.unfinished])];
  await forgotten.mark(ids);
  const erased = await forgotten.erase(ids);
  const topics = pipelineTopics(namespace, engine.partitions).map(({ topic }) => topic);
  const records = await engine.admin.forgetKeys(topics, ids);
  const { entries, unerased, processes } = eraseFromJournals(data, namespace, ofQuestions(new Set(ids)));
  const traces = await forgotten.shred();
  const elsewhere = await waitingElsewhere(engine, processes);
  // Last of all: whoever is not told what is left finds them unfinished, and is told then.
  await forgotten.finish(ids);
  return {
    ...{ questions: ids.length, erased, journaled: entries, records, traces },
    unerased: namedOnce([...unerased, ...elsewhere]),
  };
}

/**
 * Journals of processes that have gone silent, but for those whose files stand here. The id tells them apart: machines may share a name,
 * and a container has another one at each start.
 */
async function waitingElsewhere({ store }: Engine, here: ReadonlySet<string>): Promise<readonly Unerased[]> {
  const waiting = await store.journals.waiting();
  return waiting
    .filter(({ id }) => !here.has(id))
    .map(({ host, directory }) => ({ path: directory, reason: waitsText(host, directory) }));
}

function waitsText(host: string, directory: string): string {
  return `a journal waits there on ${host}, whose worker has gone silent: start one there, which drops what is forgotten, and delete what a start has set aside there (….damaged), or let millrace gc --data ${directory} do so`;
}

/** What is looked up for anybody is of no question. */
function ofQuestions(ids: ReadonlySet<QuestionId>): (entry: JournalEntry) => boolean {
  return (entry) => {
    const work = workOfEntry(entry);
    return work !== undefined && ids.has(work.questionId);
  };
}

async function idsOf(engine: Engine, target: ForgetTarget): Promise<readonly QuestionId[]> {
  if (target.kind === 'questions') return target.ids;
  return target.kind === 'question'
    ? [await questionId(engine, target.id)]
    : engine.store.forgotten.find(target);
}

/** A whole id is taken as it is: its question may be on its way still, or gone from the store by an earlier try. */
async function questionId({ store }: Engine, text: string): Promise<QuestionId> {
  const id = text.trim().toLowerCase();
  if (WHOLE_ID.test(id)) return id as QuestionId;
  if (id.length < SHORTEST_PREFIX) {
    const message = `Expected a question’s id or at least ${SHORTEST_PREFIX} characters of it, got ${JSON.stringify(text)}.`;
    throw new Failure('fatal', 'bad_id', message);
  }
  const found = new Set((await store.reports.histories(id)).map((each) => each.questionId));
  const [only, ...more] = found;
  if (only === undefined)
    throw new Failure('fatal', 'no_question', `No question’s id begins with ${id}. See: millrace show ID`);
  if (more.length > 0)
    throw new Failure('fatal', 'bad_id', `Several ids begin with ${id}: ${[...found].join(', ')}. Name one.`);
  return only as QuestionId;
}
