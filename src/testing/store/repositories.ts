import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { recipesOf } from '../../infra/config/recipes.ts';
import { settingsSchema } from '../../infra/config/settings.ts';
import type { Manifest } from '../../stages/dataset/dataset-version.ts';
import { type Lane, MAIN_LANE } from '../../stages/lanes/lane.ts';
import type { Status } from '../../stages/status.ts';
import type { ReplayPlan } from '../../stages/store/replay-plan.ts';
import { workIdOf } from '../../streams/work/work.ts';
import { claimed } from './claiming.ts';
import {
  finishedWith,
  newLane,
  newRun,
  type OpenStore,
  openForTest,
  questionOf,
  workOf,
} from './fixtures.ts';

/** Lanes, replays, versions, runs, and stage 1's own store. */
export function describeRepositories(open: OpenStore): void {
  describe('lanes', () => {
    it('are kept with their recipes, and put again in place of the old', async () => {
      const { store, reopen } = await openForTest(open);
      const lane = await laneOf(newLane());
      expect(await store.lanes.get(lane.name)).toBeUndefined();
      await store.lanes.put({ ...lane, simulated: true });
      await store.lanes.put(lane);
      expect(await store.lanes.get(lane.name)).toEqual(lane);
      expect(await (await reopen()).lanes.get(lane.name)).toEqual(lane);
    });

    it('are opened once: who comes second gets the one that stands', async () => {
      const { store } = await openForTest(open);
      const lane = await laneOf(newLane());
      const begin: [number, string][] = [[3, '17']];
      const opened = { ...lane, begin };
      const late = { ...opened, simulated: true, begin: [] };
      const [one, other] = await Promise.all([store.lanes.open(opened), store.lanes.open(opened)]);
      expect([one, other]).toEqual([opened, opened]);
      expect(await store.lanes.open(late)).toEqual(opened);
      expect(await store.lanes.get(opened.name)).toEqual(opened);
    });
  });

  describe('replays', () => {
    it('are kept as they were started, and the first of a name stands', async () => {
      const { store, reopen } = await openForTest(open);
      const plan = planOf(newLane());
      expect(await store.replays.get(plan.name)).toBeUndefined();
      expect(await store.replays.open(plan)).toEqual({ plan, readAt: undefined });
      const other = { ...plan, group: 'another' };
      expect(await store.replays.open(other)).toEqual({ plan, readAt: undefined });
      expect(await (await reopen()).replays.get(plan.name)).toEqual({ plan, readAt: undefined });
    });

    it('remember when their source was read to the end, once', async () => {
      const { store } = await openForTest(open);
      const plan = planOf(newLane());
      await store.replays.open(plan);
      for (const at of ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'])
        await store.replays.markRead(plan.name, at);
      expect(await store.replays.get(plan.name)).toEqual({ plan, readAt: '2026-01-01T00:00:00.000Z' });
    });
  });

  describe('dataset versions', () => {
    it('never change: the first of a name stands, and they are listed in the order of their making', async () => {
      const { store, reopen } = await openForTest(open);
      const [later, first] = [manifestOf('2026-02-01T00:00:00.000Z'), manifestOf('2026-01-01T00:00:00.000Z')];
      expect(await store.versions.get(first.name)).toBeUndefined();
      expect(await store.versions.add(later)).toEqual(later);
      expect(await store.versions.add(first)).toEqual(first);
      expect(await store.versions.add({ ...first, examples: 8 })).toEqual(first);
      const { versions } = await reopen();
      expect(await versions.get(first.name)).toEqual(first);
      const names = (await versions.list()).map(({ name }) => name);
      expect(names.filter((name) => [first.name, later.name].includes(name))).toEqual([
        first.name,
        later.name,
      ]);
    });
  });

  describe('candidates', () => {
    it('are those of finished works of generation, by their ids', async () => {
      const { store } = await openForTest(open);
      const works = [0, 1, 2].map((revision) =>
        workOf(questionOf('C'), { stage: 'generation', revision, lane: newLane() }),
      );
      for (const [index, work] of works.entries()) {
        const held = await claimed(store.generations, work);
        if (index < 2) await store.generations.complete(held, finishedWith<unknown>({ answer: index }));
      }
      const found = await store.reports.candidates(works.map(workIdOf));
      expect([...found.values()]).toEqual([{ answer: 0 }, { answer: 1 }]);
      expect(await store.reports.candidates([])).toEqual(new Map());
    });
  });

  describe('runs', () => {
    it('know the latest', async () => {
      const { store } = await openForTest(open);
      expect(await store.runs.latest()).toBeUndefined();
      const early = {
        id: newRun(),
        lane: newLane(),
        startedAt: '2026-01-01T00:00:00.000Z',
        input: 'a.jsonl',
      };
      const late = { ...early, id: newRun(), startedAt: '2026-01-02T00:00:00.000Z', input: 'standard input' };
      await store.runs.open(late);
      await store.runs.open(early);
      expect(await store.runs.latest()).toEqual(late);
    });
  });

  describe('a run’s counts by topic', () => {
    it('are where its questions stand, by topic and sub-topic, and nobody else’s', async () => {
      const { store } = await openForTest(open);
      const [run, other, lane] = [newRun(), newRun(), newLane()];
      const ask = async (topic: string, subTopic: string, runs: readonly string[], status: Status) => {
        const question = { ...questionOf(), topic, subTopic };
        const work = workOf(question, { lane, stage: 'questions' });
        for (const each of runs) await store.questions.accept(work, question, { run: each, position: 0 });
        await store.move({ work, status });
      };
      await ask('physics', 'optics', [run], 'approved');
      await ask('physics', 'optics', [other, run], 'approved');
      await ask('physics', 'optics', [run], 'rejected');
      await ask('physics', '', [run], 'researched');
      await ask('it’s "odd"', 'a/b', [run], 'dead_lettered');
      await ask('physics', 'optics', [other], 'approved');
      const counted = [...(await store.runs.countsByTopic(run))].sort((a, b) =>
        `${a.topic}/${a.subTopic}` < `${b.topic}/${b.subTopic}` ? -1 : 1,
      );
      expect(counted).toMatchObject([
        { topic: 'it’s "odd"', subTopic: 'a/b', counts: { dead_lettered: 1, approved: 0 } },
        { topic: 'physics', subTopic: '', counts: { researched: 1, approved: 0 } },
        { topic: 'physics', subTopic: 'optics', counts: { approved: 2, rejected: 1, pending: 0 } },
      ]);
      expect(await store.runs.countsByTopic(newRun())).toEqual([]);
    });
  });

  describe('the store of stage 1', () => {
    it('gives its free work again until research has it', async () => {
      const { store } = await openForTest(open);
      const [question, lane] = [questionOf(), newLane()];
      const work = workOf(question, { lane, stage: 'questions' });
      await store.questions.accept(work, question, undefined);
      const held = await claimed(store.questions, work);
      expect(await store.questions.complete(held, finishedWith({ stored: true }))).toBe('stored');
      await store.questions.markPublished([workIdOf(work)]);
      expect(await store.questions.claim(work)).toMatchObject({ kind: 'done', published: true });
    });
  });
}

function planOf(name: Lane['name']): ReplayPlan {
  const everything = { from: 'beginning', to: 'end', topic: '', subTopic: '' };
  return {
    name,
    wish: {
      mode: 'reprocess',
      stage: 'review',
      source: MAIN_LANE,
      ...everything,
      status: ['rejected'],
      changes: { 'review.model': 'gpt-x' },
    },
    group: 'millrace.review.replay.x',
    begin: new Map([[0, 3n]]),
    end: new Map([
      [0, 9_007_199_254_740_993n],
      [1, 0n],
    ]),
    startedAt: '2026-01-01T00:00:00.000Z',
  };
}

async function laneOf(name: Lane['name']): Promise<Lane> {
  const recipes = await recipesOf(settingsSchema.parse({}));
  return { name, recipes, simulated: false, createdAt: '2026-01-01T00:00:00.000Z', parent: 'main' };
}

function manifestOf(createdAt: string): Manifest {
  return {
    v: 1,
    name: `v-${randomUUID()}`,
    createdAt,
    tool: 'millrace 0.1.0',
    ledger: { topic: 'millrace.dataset', offsets: [[0, '9007199254740993']] },
    wish: { lane: MAIN_LANE, filter: { topic: 'physics' }, format: 'openai', fileType: 'jsonl' },
    files: [{ name: 'd.jsonl', lines: 7, bytes: 700, sha256: 'abc' }],
    ...{ examples: 7, lines: 7, simulated: 0, retracted: 1, costUsd: 0.5, unpriced: 0 },
    leftOut: { 'no pair': 2 },
    trainingTypes: { sft: 7 },
    recipes: [{ stage: 'review', model: 'gpt-x', recipe: 'abc123', works: 7 }],
    usage: { input: 1, output: 2, cached: 0, reasoning: 0 },
  };
}
