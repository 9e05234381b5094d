import { describe, expect, it } from 'vitest';
import { listQuestionsRoute } from '../../../../src/features/questions/http/list-route.ts';
import { storyRoute } from '../../../../src/features/questions/http/story-route.ts';
import { questionPageSchema, storySchema } from '../../../../src/features/questions/http/story-schemas.ts';
import { MAIN_LANE } from '../../../../src/stages/lanes/lane.ts';
import type { Store } from '../../../../src/stages/store/store.ts';
import { claimed } from '../../../../src/testing/store/claiming.ts';
import {
  approval,
  attemptOf,
  finishedWith,
  questionOf,
  research,
  workOf,
} from '../../../../src/testing/store/fixtures.ts';
import { FakeModel } from '../../../support/fakes/fake-model.ts';
import { shadowVerdict } from '../../../support/fakes/fake-shadow-book.ts';
import { embedded, served } from '../../../support/http/served.ts';
import { calling, search, toolRig } from '../../../support/stage/tool-rig.ts';

describe('GET /v1/questions', () => {
  it('brings every question once, page by page, the newest first', async () => {
    const { api, store } = await serving();
    for (let index = 0; index < 25; index += 1) await asked(store, `question ${index}`);
    const texts: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
      const { body } = await api.call(`/v1/questions?limit=10${cursor}`);
      const page = questionPageSchema.parse(body);
      texts.push(...page.questions.map(({ text }) => text));
      next = page.next;
    }
    expect(texts).toEqual(Array.from({ length: 25 }, (_, index) => `question ${24 - index}`));
  });

  it('finds by text, topic, status, model and score', async () => {
    const { api, store } = await serving();
    const good = await asked(store, 'What is a Buffer?');
    await reviewed(store, good, 9);
    await reviewed(store, await asked(store, 'What is pressure?'), 4);
    await asked(store, 'What is a quark?');
    const found = async (query: string) =>
      questionPageSchema
        .parse((await api.call(`/v1/questions?${query}`)).body)
        .questions.map(({ text }) => text);
    expect(await found('q=buffer')).toEqual(['What is a Buffer?']);
    expect(await found('status=reviewed')).toEqual(['What is pressure?', 'What is a Buffer?']);
    expect(await found('minScore=8')).toEqual(['What is a Buffer?']);
    expect(await found('maxScore=5&model=JUDGE')).toEqual(['What is pressure?']);
    expect(await found('topic=phys&status=pending')).toEqual(['What is a quark?']);
    expect(await found('lane=another')).toEqual([]);
  });

  it.each(['cursor=nonsense', 'limit=0', 'limit=x', 'status=lost', 'minScore=11'])(
    'refuses %s with a 400',
    async (query) => {
      const { api } = await serving();
      expect((await api.call(`/v1/questions?${query}`)).status).toBe(400);
    },
  );
});

describe('GET /v1/questions/:id/story', () => {
  it('tells what its askers know the question by, each thing once', async () => {
    const { api, store } = await serving();
    const question = questionOf('Whose?');
    const ask = (run: string, more: object) =>
      store.questions.accept(workOf(question, { stage: 'questions' }), question, {
        run,
        position: 0,
        ...more,
      });
    const mine = { id: 'pg-013', metadata: { page: 3 } };
    await ask('run-1', mine);
    await ask('run-2', mine);
    await ask('run-3', {});
    const { lane, questionId } = workOf(question);
    const { body } = await api.call(`/v1/questions/${questionId}/story?lane=${lane}`);
    expect(body).toMatchObject({ submissions: [{ run: 'run-1', id: 'pg-013' }, {}, {}] });
    expect(storySchema.parse(body).askedAs).toEqual([mine]);
  });

  it('tells every stage, attempt and verdict in the order in which they came', async () => {
    const { api, store } = await serving();
    const work = await asked(store, 'Why?');
    const held = await claimed(store.research, work);
    await store.research.complete(
      held,
      finishedWith(research, { attempts: [attemptOf(1, { reply: 'raw' })] }),
    );
    await reviewed(store, work, 9);
    const { body } = await api.call(`/v1/questions/${work.questionId}/story`);
    const story = storySchema.parse(body);
    expect(story).toMatchObject({ id: work.questionId, status: 'reviewed', question: { text: 'Why?' } });
    expect(story.works.map(({ stage }) => stage)).toEqual(['research', 'review']);
    expect(story.works[0]?.attempts[0]?.reply).toBe('raw');
  });

  it('tells each turn and look-up of research under its work, with what it cost', async () => {
    const { api, store } = await serving();
    const work = await asked(store, 'Why?');
    const told = async () =>
      storySchema.parse((await api.call(`/v1/questions/${work.questionId}/story`)).body).works[0];
    const held = await claimed(store.research, work);
    expect(await told()).not.toHaveProperty('steps');
    const rig = toolRig(new FakeModel(calling(search('oil')), { text: 'nothing to use' }), { found: [] });
    await rig.run({ killedAt: 3 }).catch(() => undefined);
    for (const step of rig.steps) await store.research.appendStep(held, step);
    expect((await told())?.steps).toMatchObject([
      { label: 'search', outcome: 'ok', pieceCount: 0 },
      { label: 'turn 1', outcome: 'calls', costUsd: 1, calls: [{ tool: 'search_documents' }] },
      { label: 'look-up 1 of turn 1', costUsd: 0, pieces: [{ id: 'E1' }], text: 'Found oil.' },
    ]);
  });

  it('tells what shadow judges said of each revision, and says nothing where there is none', async () => {
    const { api, store } = await serving();
    const { questionId } = await asked(store, 'Why?');
    const told = async () =>
      storySchema.parse((await api.call(`/v1/questions/${questionId}/story`)).body).shadows;
    expect(await told()).toBeUndefined();
    const said = { questionId, revision: 1, verdict: 'approved', score: 7.5, feedback: 'Fine.' } as const;
    await store.shadows.keep(shadowVerdict(said));
    await store.shadows.keep(shadowVerdict({ questionId }));
    const both = [
      { revision: 0, verdict: 'rejected', score: 5 },
      { revision: 1, verdict: 'approved', score: 7.5 },
    ];
    expect(await told()).toMatchObject(both.map((each) => ({ shadow: 'strict', ...each })));
  });

  it('knows nothing of a question that nobody asked, or asked in another lane', async () => {
    const { api, store } = await serving();
    const work = await asked(store, 'Why?');
    expect((await api.call(`/v1/questions/${'0'.repeat(24)}/story`)).status).toBe(404);
    expect((await api.call(`/v1/questions/${work.questionId}/story?lane=other`)).status).toBe(404);
  });
});

async function serving() {
  const engine = await embedded();
  const { store } = engine;
  const { api } = await served({
    engine,
    routes: [listQuestionsRoute(store.list), storyRoute(store)],
  });
  return { api, store };
}

async function asked(store: Store, text: string) {
  const question = questionOf(text);
  const work = workOf(question, { lane: MAIN_LANE });
  await store.questions.accept(work, question, { run: 'run-1', position: 0 });
  return work;
}

async function reviewed(store: Store, about: ReturnType<typeof workOf>, score: number): Promise<void> {
  const work = { ...about, stage: 'review' };
  const held = await claimed(store.reviews, work);
  await store.reviews.complete(held, finishedWith({ ...approval, score }, { model: 'judge' }));
  await store.move({ work, status: 'reviewed' });
}
