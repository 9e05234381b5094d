import type { DocumentIndex } from '../../infra/documents/index/document-index.ts';
import type { Engine } from '../../infra/engines/engine.ts';
import { eraseFromJournals, namedOnce } from '../../infra/journal/erase-journals.ts';
import type { JournalEntry } from '../../infra/journal/journal-entry.ts';
import { shownByStep } from '../../stages/evidence/shown-by-step.ts';
import { covers, keysMeant, type SourceKey } from '../../stages/evidence/source-key.ts';
import type { EvidenceUse } from '../../stages/store/evidence-repository.ts';
import { questionKey } from '../../stages/store/question-key.ts';
import { Failure } from '../../streams/failure.ts';
import type { QuestionId } from '../../streams/work/work.ts';
import { workOfEntry } from '../run/journal/work-in.ts';
import { type ForgetPlan, forget, planForget, type WasForgotten } from '../upkeep/forget.ts';
import { countWithin, takeOut } from './forgotten-documents.ts';

export type SourcePlace = Readonly<{ engine: Engine; index: DocumentIndex; namespace: string; data: string }>;

export type ForgetSourcePlan = Readonly<{
  key: SourceKey;
  /** Begun before and interrupted: finished along with it. */
  unfinished: readonly SourceKey[];
  /** That the index holds of it. */
  documents: number;
  questions: ForgetPlan;
  /** How many questions were only shown it: in each lane their results stay, and their steps go. */
  seen: number;
}>;

/** What taking a source back would do; nothing is changed. Throws a Failure (`bad_source`) where nothing is known of it. */
export async function planForgetSource(place: SourcePlace, text: string): Promise<ForgetSourcePlan> {
  const { engine, index, namespace } = place;
  const key = await keyOf(place, text);
  const unfinished = (await engine.store.evidence.unfinished()).filter((each) => each !== key);
  const ids = await citing(engine, [key, ...unfinished]);
  const questions = await planForget(engine, namespace, { kind: 'questions', ids });
  const seen = new Set((await seeing(engine, [key, ...unfinished], ids)).map(({ questionId }) => questionId));
  return { key, unfinished, documents: await indexedOf(index, key), questions, seen: seen.size };
}

/**
 * Takes a source back: its text leaves the index and stays out, and the questions that cite it are forgotten, with all that came of them.
 * Those that were only shown it lose their steps.
 * It is marked first: from then on no store takes research that rests on it, and who is killed on the way finds at the next call what he
 * has to finish. Safe to repeat, and beside whoever is at work.
 */
export async function forgetSource(
  { engine, index, namespace, data }: SourcePlace,
  plan: ForgetSourcePlan,
): Promise<WasForgotten> {
  const { evidence, lookUps, cleanup } = engine.store;
  const keys = [plan.key, ...plan.unfinished];
  for (const key of keys) {
    const document = documentOf(key);
    const mark = () => evidence.forget(key);
    if (document === undefined) await mark();
    else await takeOut(index, document.name, document.path, mark);
  }
  const ids = await citing(engine, keys);
  // The questions last: then the traces of all that was deleted are taken out.
  const seen = await seeing(engine, keys, ids);
  for (const each of seen) await cleanup.dropStepsOf(each);
  const shown = eraseFromJournals(data, namespace, showing(keys, new Set(seen.map(questionKey))));
  for (const key of keys) await lookUps.forgetSource(key);
  const done = await forget(engine, { namespace, data }, { ...plan.questions, ids });
  await index.shred();
  for (const key of keys) await evidence.finish(key);
  return {
    ...done,
    journaled: done.journaled + shown.entries,
    unerased: namedOnce([...shown.unerased, ...done.unerased]),
  };
}

/** Research that was shown any of it, and what is shown of it, whoever was killed before that was noted. */
function showing(keys: readonly SourceKey[], seen: ReadonlySet<string>): (entry: JournalEntry) => boolean {
  const isOfThem = (source: string) => keys.some((key) => covers(key, source));
  return (entry) => {
    if (entry.kind === 'look-up') return entry.lookUp.sources.some(isOfThem);
    if (entry.kind === 'step' && [...shownByStep(entry.step).keys()].some(isOfThem)) return true;
    const work = workOfEntry(entry);
    return work?.stage === 'research' && seen.has(questionKey(work));
  };
}

/** The likeliest meaning of which anything is known. */
async function keyOf({ engine, index }: SourcePlace, text: string): Promise<SourceKey> {
  const { evidence } = engine.store;
  for (const key of keysMeant(text)) {
    const isMarked = (await evidence.forgottenAmong([key])).length > 0;
    if (isMarked || (await indexedOf(index, key)) > 0) return key;
    for await (const _ of evidence.usesOf(key)) return key;
  }
  const names = (await index.sources()).map(({ name }) => name);
  const known = names.length === 0 ? 'Nothing is indexed.' : `Indexed are ${names.join(', ')}.`;
  throw new Failure('fatal', 'bad_source', `Nothing of ${text} is indexed or quoted. ${known}`);
}

async function indexedOf(index: DocumentIndex, key: SourceKey): Promise<number> {
  const document = documentOf(key);
  return document === undefined ? 0 : countWithin(index, document.name, document.path);
}

async function citing({ store }: Engine, keys: readonly SourceKey[]): Promise<readonly QuestionId[]> {
  const ids = new Set<QuestionId>();
  for (const key of keys)
    for await (const { questionId, cited } of store.evidence.usesOf(key)) if (cited) ids.add(questionId);
  return [...ids];
}

/** Questions of lanes that were shown anything of it, but for those that are forgotten with it. */
async function seeing(
  { store }: Engine,
  keys: readonly SourceKey[],
  citing: readonly QuestionId[],
): Promise<readonly EvidenceUse[]> {
  const forgotten = new Set(citing);
  const seen = new Map<string, EvidenceUse>();
  for (const key of keys)
    for await (const use of store.evidence.usesOf(key))
      if (!forgotten.has(use.questionId)) seen.set(questionKey(use), use);
  return [...seen.values()];
}

/** The source that is indexed and, unless all of it is meant, the path in it. */
function documentOf(key: SourceKey): Readonly<{ name: string; path?: string }> | undefined {
  const [, name, path] = /^documents:([^/]+)(?:\/(.*))?$/s.exec(key) ?? [];
  if (name === undefined) return undefined;
  return path === undefined ? { name } : { name, path };
}
