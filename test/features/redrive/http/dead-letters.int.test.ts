import { describe, expect, it } from 'vitest';
import { deadLetterRoutes } from '../../../../src/features/redrive/http/dead-letter-routes.ts';
import { redriveRoute } from '../../../../src/features/redrive/http/redrive-route.ts';
import {
  deadLetterDetailSchema,
  deadLetterPageSchema,
  deadLetterStatsSchema,
} from '../../../../src/features/redrive/http/schemas.ts';
import { deadLetterOf, newWork } from '../../../../src/testing/store/fixtures.ts';
import { embedded, served } from '../../../support/http/served.ts';
import { testStop } from '../../../support/stage/stop-signals.ts';

const TOPIC = 'test.research';

describe('dead letters over HTTP', () => {
  it('are listed once each, page by page, the oldest first', async () => {
    const { api, store } = await serving();
    const deadLetters = Array.from({ length: 7 }, () => deadLetterOf(newWork()));
    for (const deadLetter of deadLetters) await store.putDeadLetter(deadLetter);
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
      const page = deadLetterPageSchema.parse((await api.call(`/v1/dead-letters?limit=3${cursor}`)).body);
      seen.push(...page.letters.map(({ id }) => id));
      next = page.next;
    }
    expect(seen.toSorted()).toEqual(deadLetters.map(({ id }) => id).toSorted());
  });

  it('are listed with their question, where a record holds one', async () => {
    const { api, store } = await serving();
    const whole = JSON.stringify({ v: 1, question: { text: `Why ${'x'.repeat(1_000)}?` } });
    for (const value of [whole, new Uint8Array([0xff]), '{"question":7}', null])
      await store.putDeadLetter(deadLetterOf(newWork(), { value }));
    const listed = (await deadLetters(api)).map(({ question }) => question?.slice(0, 5) ?? null);
    expect(listed.toSorted()).toEqual(['Why x', null, null, null].toSorted());
    expect((await deadLetters(api)).some(({ question }) => question?.length === 300)).toBe(true);
  });

  it('are counted by class, and one is told whole', async () => {
    const { api, store } = await serving();
    const deadLetter = deadLetterOf(newWork(), { code: 'refused', kind: 'content' });
    await store.putDeadLetter(deadLetter);
    const stats = deadLetterStatsSchema.parse((await api.call('/v1/dead-letters/stats')).body);
    expect(stats.groups).toMatchObject([{ kind: 'content', code: 'refused', count: 1 }]);
    const one = deadLetterDetailSchema.parse(
      (await api.call(`/v1/dead-letters/${encodeURIComponent(deadLetter.id)}`)).body,
    );
    expect(one).toMatchObject({ id: deadLetter.id, message: deadLetter.message, state: 'open' });
    expect((await api.call('/v1/dead-letters/nobody')).status).toBe(404);
  });

  it('are sent again by class, after a dry run that changes nothing', async () => {
    const { api, store } = await serving();
    await store.putDeadLetter(deadLetterOf(newWork(), { code: 'refused', kind: 'content', topic: TOPIC }));
    await store.putDeadLetter(deadLetterOf(newWork(), { code: 'timeout', kind: 'transient', topic: TOPIC }));
    const none = await api.post({ kind: 'transient', code: 'refused' }, '/v1/redrive');
    expect(none.body).toMatchObject({ letters: 0 });
    const plan = await api.post({ kind: 'content', code: 'refused' }, '/v1/redrive');
    expect(plan.body).toMatchObject({ dryRun: true, letters: 1 });
    expect((await deadLetters(api)).map(({ state }) => state)).toEqual(['open', 'open']);
    const sent = await api.post({ code: 'refused', dryRun: false }, '/v1/redrive');
    expect(sent.body).toMatchObject({ dryRun: false, letters: 1 });
    expect((await deadLetters(api)).map(({ state }) => state).toSorted()).toEqual(['open', 'sent']);
  });
});

async function deadLetters(api: Awaited<ReturnType<typeof serving>>['api']) {
  return deadLetterPageSchema.parse((await api.call('/v1/dead-letters')).body).letters;
}

async function serving() {
  const engine = await embedded();
  const { store, log } = engine;
  const { api } = await served({
    engine,
    routes: [
      ...deadLetterRoutes(store.deadLetters),
      redriveRoute({ store, log, stop: testStop().signals.draining }),
    ],
  });
  return { api, store };
}
