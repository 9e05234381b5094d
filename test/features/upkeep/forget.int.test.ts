import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { forget, planForget } from '../../../src/features/upkeep/forget.ts';
import { doneText } from '../../../src/features/upkeep/forget-text.ts';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import { openEngine } from '../../../src/infra/engines/open-engine.ts';
import { DataLock } from '../../../src/infra/engines/sqlite/data-lock.ts';
import { readSegment } from '../../../src/infra/journal/read-segment.ts';
import { journalIdOf } from '../../../src/infra/journal/segment-names.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { questionIdOf } from '../../../src/stages/question.ts';
import { Failure } from '../../../src/streams/failure.ts';
import { type HeldWork, workIdOf } from '../../../src/streams/work/work.ts';
import { claimed } from '../../../src/testing/store/claiming.ts';
import {
  failedAttemptOf,
  finishedWith,
  listOf,
  newWork,
  questionOf,
  research,
  workOf,
} from '../../../src/testing/store/fixtures.ts';
import { stepOf } from '../../../src/testing/store/steps.ts';
import { openedEngine } from '../../infra/engines/sqlite/opened.ts';
import {
  arrivalOf,
  damagedJournal,
  engineWithNotes,
  filesWith,
  JOURNAL_ID,
  journalNoteOf,
  openedJournal,
  unusableJournals,
} from '../../support/journal.ts';
import { readTopic } from '../../support/run/read-topic.ts';
import { askedQuestions, runHere } from '../../support/run/run-here.ts';
import { describeOnKafka, describeOnMongo } from '../../support/servers/on-servers.ts';
import { questionId, tokenOf } from '../../support/stage/work.ts';
import { tempDir } from '../../support/temp-dir.ts';

/** A namespace of its own on both servers, with a simulated model. */
async function place(kafka: string, mongo: string) {
  const given = {
    ...{ kafka, mongo, partitions: 1, replicationFactor: 1, dryRun: true },
    ...{ namespace: `forget-${randomUUID().slice(0, 8)}`, data: await tempDir() },
  };
  const namespace = `${given.namespace}-simulated`;
  const engine = await openEngine({ settings: settingsSchema.parse(given), namespace, mode: 'append' });
  onTestFinished(() => engine.close());
  return { given, namespace, engine };
}

const SECRET = 'what somebody wants forgotten';

/** Two questions of which this process has answers that the store does not have: one is to be forgotten. */
async function answered() {
  const { engine, data, close } = await openedEngine('append');
  onTestFinished(close);
  const { store } = engine;
  const place = { namespace: 'conformance', data };
  const journal = openedJournal({ directory: data, namespace: place.namespace });
  onTestFinished(() => void journal.close());
  const held = async () => {
    const question = questionOf();
    const work = workOf(question, { stage: 'research' });
    await store.questions.accept(work, question, undefined);
    return { ...work, ...(await claimed(store.research, work)) };
  };
  const [gone, kept] = [await held(), await held()];
  const said = finishedWith({ ...research, summary: SECRET });
  const of = ({ workId, token }: HeldWork) => ({ stage: 'research', workId, token });
  for (const { workId, token } of [gone, kept])
    journal.arrived(arrivalOf({ workId, token }), [Buffer.from(workId === gone.workId ? SECRET : 'paid')]);
  journal.keep({ kind: 'step', ...of(gone), step: stepOf(0, { body: SECRET }) });
  journal.keep({ kind: 'attempt', ...of(gone), attempt: failedAttemptOf(1, { reply: SECRET }) });
  journal.keep({ kind: 'answer', ...of(gone), finished: said });
  journal.keep({ kind: 'answer', ...of(kept), finished: finishedWith(research) });
  journal.keep({
    kind: 'look-up',
    lookUp: { key: 'k', tool: 'web_search', atMs: 1, untilMs: 9, sources: [], body: 'found' },
  });
  const plan = await planForget(engine, place.namespace, { kind: 'question', id: gone.questionId });
  return { engine, place, plan, gone, kept };
}

describe('forgetting on the embedded engine', () => {
  it('beside a run says how its traces go: the same subject would not find the question again', async () => {
    const { engine, place, plan, gone } = await answered();
    const target = { kind: 'subject', topic: 'physics' } as const;
    expect((await planForget(engine, place.namespace, target)).ids).toContain(gone.questionId);
    const run = new DataLock(join(place.data, `${place.namespace}.lock`));
    const done = await forget(engine, place, plan);
    const text = doneText(done, { onMongo: false, id: gone.questionId });
    expect(text).toContain(`Once no run is at work, forget ${gone.questionId} again to remove them.`);
    run.release();
    expect((await planForget(engine, place.namespace, target)).ids).not.toContain(gone.questionId);
    const again = await planForget(engine, place.namespace, { kind: 'question', id: gone.questionId });
    expect(await forget(engine, place, again)).toMatchObject({ traces: 'shredded' });
  });

  it('leaves nothing of a question in the journal of a process at work, and what others paid for', async () => {
    const { engine, place, plan, gone, kept } = await answered();
    const done = await forget(engine, place, plan);
    expect(done).toMatchObject({ questions: 1, journaled: 4, unerased: [], traces: 'shredded' });
    expect(doneText(done, { onMongo: false })).toContain('4 answers in journals here erased.');
    expect(await filesWith(place.data, SECRET)).toEqual([]);
    const path = join(place.data, `${place.namespace}.${JOURNAL_ID}.1.journal`);
    expect(await readFile(path, 'latin1')).not.toContain(gone.questionId);
    expect(readSegment(path, place.namespace)).toMatchObject({
      ...{ kind: 'read', damaged: 0 },
      entries: [
        { kind: 'arrival', arrival: { workId: kept.workId } },
        { kind: 'answer', workId: kept.workId },
        { kind: 'look-up', lookUp: { body: 'found' } },
      ],
    });
    expect(await forget(engine, place, plan)).toMatchObject({ journaled: 0 });
  });

  it('ends, and says which journals may still hold a part of it', async () => {
    const { engine, place, plan } = await answered();
    const unusable = await unusableJournals(place.data, place.namespace);
    const damaged = await damagedJournal(place.data, place.namespace);
    const done = await forget(engine, place, plan);
    expect(done.journaled).toBe(4);
    expect(done.unerased.map(({ path }) => path).sort()).toEqual(
      [...unusable.map(({ path }) => path), damaged].sort(),
    );
    const text = doneText(done, { onMongo: false });
    expect(text).toContain('NOT ERASED');
    for (const { path, reason } of unusable) expect(text).toContain(`${path}: ${reason}`);
    expect(text).toMatch(/\.damaged: 1 place in it cannot be read\n.*delete the file/);
    expect(await engine.store.forgotten.unfinished()).toEqual([]);
  });

  it('names each machine on which a journal waits, once, and none whose journal stands here', async () => {
    const { engine, place, plan } = await answered();
    const here = { host: hostname(), directory: place.data };
    const aside = journalIdOf(await damagedJournal(place.data, place.namespace));
    const notes = [
      ...[{ id: 'a' }, { id: 'b' }, { id: 'c', host: 'farther' }].map(journalNoteOf),
      journalNoteOf({ ...here, id: JOURNAL_ID, host: 'a container that is gone' }),
      journalNoteOf({ ...here, id: aside ?? '' }),
      journalNoteOf({ ...here, id: 'of a machine of the same name' }),
    ];
    const done = await forget(engineWithNotes(engine, { waiting: async () => notes }), place, plan);
    const elsewhere = done.unerased.filter(({ reason }) => reason.includes('waits there'));
    expect(elsewhere).toEqual([
      { path: '/data', reason: expect.stringContaining('on far,') },
      { path: '/data', reason: expect.stringContaining('on farther,') },
      { path: place.data, reason: expect.stringContaining(`on ${hostname()},`) },
    ]);
    expect(doneText(done, { onMongo: true })).toMatch(/on far, .*\.damaged.*millrace gc --data \/data do so/);
  });

  it('that fails before it says what is left is finished, and said, by the next call', async () => {
    const { engine, place, plan, gone } = await answered();
    const waiting = () => Promise.reject(new Failure('outage', 'store_down', 'away'));
    await expect(forget(engineWithNotes(engine, { waiting }), place, plan)).rejects.toThrow('away');
    expect(await engine.store.forgotten.unfinished()).toEqual([gone.questionId]);
    const later = engineWithNotes(engine, { waiting: async () => [journalNoteOf({})] });
    const rest = await planForget(later, place.namespace, { kind: 'subject', topic: 'none' });
    expect((await forget(later, place, rest)).unerased).toMatchObject([{ path: '/data' }]);
    expect(await engine.store.forgotten.unfinished()).toEqual([]);
  });
});

await describeOnKafka('forgetting on both servers', (kafka) =>
  describeOnMongo('together', (mongo) => {
    it('leaves tombstones that no stage takes for a dead letter, and the question stays out', async () => {
      const { given, namespace, engine } = await place(kafka, mongo);
      await runHere(given, { asked: askedQuestions(4) });
      let id = '';
      for await (const { question } of askedQuestions(1)) id = questionIdOf(question);
      const plan = await planForget(engine, namespace, { kind: 'question', id });
      expect(plan.holdings).toMatchObject({ questions: 1, works: 3 });
      const workId = workIdOf(newWork({ questionId: questionId(id) }));
      const journal = openedJournal({ directory: given.data, namespace });
      journal.arrived(arrivalOf({ workId, token: tokenOf('a.1') }), [Buffer.from(SECRET)]);
      await engine.store.journals.note(journalNoteOf({ directory: '/their/data' }));
      await engine.store.journals.note(journalNoteOf({ id: JOURNAL_ID, directory: given.data }));
      const done = await forget(engine, { namespace, data: given.data }, plan);
      expect(done).toMatchObject({
        questions: 1,
        records: 'tombstones',
        erased: plan.holdings,
        journaled: 1,
      });
      expect(done.unerased).toEqual([
        {
          path: '/their/data',
          reason: expect.stringMatching(/^a journal waits there on far, .*: start one/),
        },
      ]);
      expect(await filesWith(given.data, SECRET)).toEqual([]);
      journal.close();

      const topic = `${namespace}.research`;
      const values: unknown[] = [];
      const until = await engine.log.endOffsets(topic);
      await readTopic(engine.log, { topic, group: `test.${randomUUID()}`, until }, ({ key, value }) => {
        if (key === id) values.push(value);
      });
      expect(values.at(-1)).toBeNull();

      const again = await runHere(given, { asked: askedQuestions(4) });
      expect([again.questions, again.open]).toEqual([3, 0]);
      expect(await listOf(engine.store.deadLetters.list({}))).toEqual([]);
      expect((await engine.store.reports.progress(MAIN_LANE)).questions['dead_lettered']).toBe(0);
      expect((await planForget(engine, namespace, { kind: 'question', id })).holdings.questions).toBe(0);
    });
  }),
);
