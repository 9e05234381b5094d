import { randomUUID } from 'node:crypto';
import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { z } from 'zod';
import { openForDeleting } from '../../../src/features/upkeep/deleting.ts';
import { gc, planGc } from '../../../src/features/upkeep/gc.ts';
import { gcCommand } from '../../../src/features/upkeep/gc-command.ts';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import { openEngine } from '../../../src/infra/engines/open-engine.ts';
import { journalIdOf, segmentPath } from '../../../src/infra/journal/segment-names.ts';
import { shadowGroupOf, shadowLaneOf } from '../../../src/stages/judges/shadow-name.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { topicsOf } from '../../../src/stages/stage-names.ts';
import { workIdOf } from '../../../src/streams/work/work.ts';
import { claimed } from '../../../src/testing/store/claiming.ts';
import { newWork, questionOf, workOf } from '../../../src/testing/store/fixtures.ts';
import { putShadowLane, saidOf } from '../../../src/testing/store/shadows.ts';
import { stepOf } from '../../../src/testing/store/steps.ts';
import { failureOf } from '../../support/failure-of.ts';
import {
  arrivalOf,
  damagedJournal,
  engineWithNotes,
  JOURNAL_ID,
  journalNoteOf,
  openedJournal,
  unusableJournals,
} from '../../support/journal.ts';
import { askedQuestions, runHere } from '../../support/run/run-here.ts';
import { describeOnKafka, describeOnMongo } from '../../support/servers/on-servers.ts';
import { tokenOf } from '../../support/stage/work.ts';
import { tempDir } from '../../support/temp-dir.ts';

const LATER = new Date(Date.now() + 3_600_000);
const EARLIER = new Date(Date.now() - 3_600_000);

type Given = z.input<typeof settingsSchema>;

/** A finished run with a redo beside it, and what an operator sees of it. */
async function afterRedo(given: Given, namespace: string) {
  await runHere(given, { asked: askedQuestions(4) });
  const changed = { ...given, minScore: 2 };
  await runHere(changed, { asked: askedQuestions(4), redo: 'review' });
  const engine = await openEngine({ settings: settingsSchema.parse(given), namespace, mode: 'append' });
  return engine;
}

async function collectsWhatIsOld(given: Given, namespace: string): Promise<void> {
  const engine = await afterRedo(given, namespace);
  const topics = topicsOf(namespace);
  const options = { before: LATER, records: true };
  const young = await planGc(engine, namespace, { before: new Date(0), records: true });
  expect([young.lanes, young.records]).toEqual([[], []]);

  const plan = await planGc(engine, namespace, options);
  expect(plan.lanes).toMatchObject([{ questions: 4 }]);
  expect(plan.groups).toEqual([expect.stringContaining(`${namespace}.review.replay.`)]);
  expect(plan.records.map(({ topic }) => topic).sort()).toEqual(
    [topics.questions, topics.research, topics.generation, topics.review, topics.storage].sort(),
  );
  const ends = await engine.log.endOffsets(topics.review);
  await gc(engine, plan, options);

  expect(await engine.log.endOffsets(topics.review)).toEqual(ends);
  const [review] = await engine.admin.describeTopics([topics.review]);
  expect(review?.partitions.map(({ partition }) => partition).sort()).toEqual([...ends.keys()].sort());
  for (const { begin, end } of review?.partitions ?? []) expect(end - begin).toBeLessThanOrEqual(1n);
  const again = await planGc(engine, namespace, options);
  expect(again).toMatchObject({ lanes: [], groups: [], records: [] });
  expect((await engine.store.reports.progress(MAIN_LANE)).questions).toMatchObject({ pending: 0 });
  await engine.close();

  const more = await runHere(given, { asked: askedQuestions(6) });
  expect([more.questions, more.open]).toEqual([6, 0]);
}

/** A finished run beside which a shadow has judged every candidate. */
async function afterShadow(given: Given, namespace: string) {
  await runHere(given, { asked: askedQuestions(4) });
  const engine = await openEngine({ settings: settingsSchema.parse(given), namespace, mode: 'append' });
  onTestFinished(() => engine.close());
  const topic = topicsOf(namespace).review;
  const group = shadowGroupOf(namespace, 'stern');
  await putShadowLane(engine.store, shadowLaneOf('stern'));
  for await (const { questionId } of engine.store.reports.questionsOf(MAIN_LANE))
    await engine.store.shadows.keep(
      saidOf({ lane: MAIN_LANE, questionId, stage: '', revision: 0, drive: 0 }),
    );
  await engine.log.setOffsets(group, topic, await engine.log.endOffsets(topic));
  const said = async () => (await engine.store.shadows.disagreements({ shadow: 'stern', limit: 9 })).verdicts;
  return { engine, group, topic, said };
}

async function collectsAShadow(given: Given, namespace: string): Promise<void> {
  const { engine, group, topic, said } = await afterShadow(given, namespace);
  const all = await planGc(engine, namespace, { before: LATER, records: true });
  expect(all).toMatchObject({ lanes: [], shadows: [], groups: [] });

  const options = { before: new Date(0), lane: shadowLaneOf('stern'), records: false };
  const plan = await planGc(engine, namespace, options);
  expect(plan).toMatchObject({ lanes: [], shadows: [{ name: 'stern', group }], records: [], notes: [] });
  const inUse = vi.spyOn(engine.admin, 'deleteGroup').mockResolvedValueOnce('in-use');
  const failure = await failureOf(() => gc(engine, plan, options));
  expect(failure).toMatchObject({ kind: 'fatal', code: 'shadow_at_work' });
  expect(failure.message).toContain('Stop every worker');
  inUse.mockRestore();
  expect(await said()).toHaveLength(4);

  await gc(engine, plan, options);
  expect(await said()).toEqual([]);
  expect(await engine.store.shadows.shadows()).toEqual([]);
  expect((await engine.log.committedOffsets(group, topic)).size).toBe(0);
  expect((await engine.store.reports.counts(MAIN_LANE)).pending).toBe(0);
  const again = await planGc(engine, namespace, options);
  expect(again.notes).toEqual([expect.stringContaining('Lane shadow-stern stays')]);
}

describe('gc on the embedded engine', () => {
  it('takes out old lanes, groups and records, and a later run goes on', async () => {
    const given = { data: await tempDir(), dryRun: true };
    await collectsWhatIsOld(given, 'millrace-simulated');
  });

  it('takes out a shadow judge where it is named and at rest', async () => {
    const given = { data: await tempDir(), dryRun: true };
    await collectsAShadow(given, 'millrace-simulated');
  });

  it('keeps records that a stage has not read, and every record while a lane is at work', async () => {
    const given = { data: await tempDir(), dryRun: true };
    const namespace = 'millrace-simulated';
    const engine = await afterRedo(given, namespace);
    onTestFinished(() => engine.close());
    const topics = topicsOf(namespace);
    await engine.log.publish(topics.research, [
      { key: 'a', value: 'unread' },
      { key: 'b', value: 'unread' },
    ]);
    const plan = await planGc(engine, namespace, { before: LATER, records: true });
    const research = plan.records.find(({ topic }) => topic === topics.research);
    const committed = await engine.log.committedOffsets(`${namespace}.research`, topics.research);
    expect(research?.before).toEqual(committed);

    const [redone] = plan.lanes;
    for await (const { question } of askedQuestions(1)) {
      const extra = { ...question, text: 'one more' };
      const lane = redone?.name ?? MAIN_LANE;
      const work = { lane, stage: 'questions', revision: 0, drive: 0 };
      const { questionIdOf } = await import('../../../src/stages/question.ts');
      await engine.store.questions.accept({ ...work, questionId: questionIdOf(extra) }, extra, undefined);
    }
    const busy = await planGc(engine, namespace, { before: LATER, records: true });
    expect(busy).toMatchObject({ lanes: [], groups: [], records: [] });
    expect(busy.notes).toEqual([expect.stringContaining('Records stay')]);
  });
});

await describeOnKafka('gc on both servers', (kafka) =>
  describeOnMongo('together', (mongo) => {
    it('takes out old lanes, groups and records, and a later run goes on', async () => {
      const namespace = `gc-${randomUUID().slice(0, 8)}`;
      const where = { kafka, mongo, partitions: 2, replicationFactor: 1 };
      const given = { ...where, namespace, data: await tempDir(), dryRun: true };
      await collectsWhatIsOld(given, `${namespace}-simulated`);
    });

    it('takes out the notes of journals whose workers have been silent for so long', async () => {
      const namespace = `gc-${randomUUID().slice(0, 8)}`;
      const given = { kafka, mongo, partitions: 1, replicationFactor: 1, data: await tempDir() };
      const engine = await openEngine({ settings: settingsSchema.parse(given), namespace, mode: 'append' });
      onTestFinished(() => engine.close());
      const { journals } = engine.store;
      const noteOf = (id: string, since: string) => ({ id, host: 'h', directory: '/d', since });
      const [old, young] = [
        noteOf('old', '2026-01-01T00:00:00.000Z'),
        noteOf('young', '2026-03-01T00:00:00.000Z'),
      ];
      await journals.note(old);
      await journals.note(young);
      const options = { before: new Date('2026-02-01'), records: false };
      const plan = await planGc(engine, namespace, options);
      expect(plan.journalNotes).toEqual([old]);
      expect(await journals.waiting()).toEqual([old, young]);
      await gc(engine, plan, options);
      expect(await journals.waiting()).toEqual([young]);
    });

    it('takes out a shadow judge where it is named and at rest', async () => {
      const namespace = `gc-${randomUUID().slice(0, 8)}`;
      const where = { kafka, mongo, partitions: 2, replicationFactor: 1 };
      const given = { ...where, namespace, data: await tempDir(), dryRun: true };
      await collectsAShadow(given, `${namespace}-simulated`);
    });
  }),
);

it('gc deletes journals that a start set aside long ago, and names those that stay with their sizes', async () => {
  const data = await tempDir();
  const namespace = 'millrace';
  const engine = await openEngine({ settings: settingsSchema.parse({ data }), namespace, mode: 'append' });
  onTestFinished(() => engine.close());
  const planned = (before: Date) => planGc(engine, namespace, { before, data, records: false });
  expect((await planned(LATER)).notes).toEqual([]);

  const damaged = await damagedJournal(data, namespace);
  // Written long ago, and set aside just now.
  await utimes(damaged, 0, 0);
  const unusable = await unusableJournals(data, namespace);
  const journal = openedJournal({ directory: data, namespace });
  onTestFinished(() => void journal.close());
  journal.arrived(arrivalOf({ workId: workIdOf(newWork()), token: tokenOf('a.1') }), [Buffer.from('paid')]);
  const { size } = await stat(join(data, `${namespace}.${JOURNAL_ID}.1.journal`));

  expect((await planned(EARLIER)).journals).toEqual([]);
  const plan = await planned(LATER);
  expect(plan.journals).toMatchObject([{ path: damaged, bytes: (await stat(damaged)).size }]);
  const stays = await Promise.all(
    unusable.map(async ({ path, reason }) => {
      const { size: bytes } = await stat(path);
      return `${path} stays, ${bytes} bytes of a journal that this Millrace cannot use: ${reason}.`;
    }),
  );
  expect(plan.notes).toEqual([
    expect.stringContaining(`Journals stay, ${size} bytes`),
    ...stays.map((text) => expect.stringContaining(text)),
  ]);
  await gc(engine, plan, { before: LATER });
  const left = (await readdir(data)).filter((name) => /\.journal(?:\.|$)/.test(name));
  expect(left).toHaveLength(1 + unusable.length);
  expect(left.filter((name) => name.endsWith('.damaged'))).toEqual([]);
});

it('gc takes out the note of a journal with the last of its files, and of no other', async () => {
  const data = await tempDir();
  const namespace = 'millrace';
  const opened = await openEngine({ settings: settingsSchema.parse({ data }), namespace, mode: 'append' });
  onTestFinished(() => opened.close());
  const gone = journalNoteOf({ id: journalIdOf(await damagedJournal(data, namespace)) ?? '' });
  const elsewhere = journalNoteOf({ id: 'elsewhere', since: LATER.toISOString() });
  const taken: string[] = [];
  const engine = engineWithNotes(opened, {
    waiting: async () => [{ ...gone, since: LATER.toISOString() }, elsewhere],
    stored: async (id) => void taken.push(id),
  });
  const left = segmentPath(data, namespace, gone.id, 2);
  await writeFile(left, '');
  const options = { before: LATER, data, records: false };
  expect((await planGc(engine, namespace, options)).journalNotes).toEqual([]);
  await rm(left);
  await gc(engine, await planGc(engine, namespace, options), options);
  expect(taken).toEqual([gone.id]);
});

it('gc takes out kept look-ups whose time is over, and no others', async () => {
  const given = { data: await tempDir() };
  const engine = await openEngine({
    settings: settingsSchema.parse(given),
    namespace: 'millrace',
    mode: 'append',
  });
  onTestFinished(() => engine.close());
  const { lookUps } = engine.store;
  const nowMs = Date.now();
  const usual = { tool: 'web_search', atMs: nowMs - 2, sources: [], body: 'found' };
  await lookUps.keep({ ...usual, key: 'old', untilMs: nowMs - 1 });
  await lookUps.keep({ ...usual, key: 'young', untilMs: nowMs + 3_600_000 });
  const plan = await planGc(engine, 'millrace', { before: LATER, records: false });
  expect(plan.lookUps).toBe(1);
  await gc(engine, plan, { before: LATER });
  expect((await planGc(engine, 'millrace', { before: LATER, records: false })).lookUps).toBe(0);
  expect(await lookUps.find('young', nowMs)).toBe('found');
});

it('gc takes out steps and look-ups by their age where that is asked for, and plans it first', async () => {
  const given = { data: await tempDir() };
  const namespace = 'millrace';
  const engine = await openEngine({ settings: settingsSchema.parse(given), namespace, mode: 'append' });
  onTestFinished(() => engine.close());
  const { research, lookUps, questions } = engine.store;
  const question = questionOf();
  const work = workOf(question, { stage: 'research' });
  await questions.accept(work, question, undefined);
  await research.appendStep(await claimed(research, work), stepOf(0));
  await engine.store.move({ work, status: 'approved' });
  const atMs = Date.now();
  const usual = { tool: 'web_search', sources: [], body: 'found', atMs, untilMs: atMs + 9_000_000 };
  await lookUps.keep({ ...usual, key: 'young' });

  const plain = { before: LATER, records: false };
  expect(await planGc(engine, namespace, plain)).toMatchObject({ steps: 0, lookUps: 0 });
  const asked = { ...plain, stepsBefore: LATER, lookUpsBefore: LATER };
  const plan = await planGc(engine, namespace, asked);
  expect(plan).toMatchObject({ steps: 1, lookUps: 1 });
  expect(await research.steps(workIdOf(work))).toHaveLength(1);
  await gc(engine, plan, asked);
  expect(await research.steps(workIdOf(work))).toEqual([]);
  expect(await lookUps.find('young', atMs)).toBeUndefined();
  expect(await planGc(engine, namespace, asked)).toMatchObject({ steps: 0, lookUps: 0 });
});

it('gc --look-ups is an age, though a setting has the name', async () => {
  const data = await tempDir();
  const made = await openEngine({
    settings: settingsSchema.parse({ data }),
    namespace: 'millrace',
    mode: 'append',
  });
  await made.close();
  const command = gcCommand();
  command.parseOptions(['--look-ups', '30d', '--data', data]);
  const { engine, settings } = await openForDeleting(command);
  await engine.close();
  expect(command.opts()).toMatchObject({ lookUps: 30 * 86_400_000 });
  expect(settings.lookUps).toEqual(settingsSchema.parse({}).lookUps);
});
