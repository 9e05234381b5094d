import { describe, expect, it } from 'vitest';
import {
  disagreementsSchema,
  shadowDetailSchema,
  shadowsSchema,
} from '../../../../src/features/judges/http/schemas.ts';
import { disagreementsRoute, shadowRoutes } from '../../../../src/features/judges/http/shadow-routes.ts';
import { exampleOf, questionOf } from '../../../../src/testing/store/fixtures.ts';
import { fakeShadows, shadowLane, shadowVerdict } from '../../../support/fakes/fake-shadow-book.ts';
import { embedded, served } from '../../../support/http/served.ts';
import { laneOf } from '../../../support/stage/stage-fixtures.ts';
import { questionId } from '../../../support/stage/work.ts';

const today = new Date().toISOString();

async function serving(names: readonly string[] = ['strict', 'cheap']) {
  const engine = await embedded();
  const lanes = [laneOf(), ...names.map((name) => shadowLane(name))];
  for (const lane of lanes) await engine.store.lanes.put(lane);
  const verdicts = Array.from({ length: 5 }, (_, revision) => shadowVerdict({ revision, at: today }));
  const agreed = shadowVerdict({ revision: 5, verdict: 'approved', score: 8, at: today });
  const { lanes: book, reports, reviewQueue } = engine.store;
  const routes = shadowRoutes({
    store: { lanes: book, reports, reviewQueue, shadows: fakeShadows(lanes, [...verdicts, agreed]) },
    log: engine.log,
    namespace: 'test',
  });
  return served({ engine, routes });
}

describe('GET /v1/shadows', () => {
  it('tells of every shadow judge, what nothing is known of as null', async () => {
    const { api } = await serving();
    const { status, body } = await api.call('/v1/shadows');
    const { shadows } = shadowsSchema.parse(body);
    expect(status).toBe(200);
    expect(shadows.map(({ name, judged, kappa, lag }) => [name, judged, kappa, lag])).toEqual([
      ['strict', 6, 0, 0],
      ['cheap', 0, null, 0],
    ]);
  });

  it('is an empty list where there is none', async () => {
    const { api } = await serving([]);
    expect((await api.call('/v1/shadows')).body).toEqual({ shadows: [] });
  });

  it('is not sent again while nothing changed', async () => {
    const { address } = await serving();
    const first = await fetch(`${address}/v1/shadows/strict`);
    const etag = first.headers.get('etag') ?? '';
    const again = await fetch(`${address}/v1/shadows/strict`, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });
});

describe('GET /v1/shadows/:name', () => {
  it('tells of one, by day as well', async () => {
    const { api } = await serving();
    const report = shadowDetailSchema.parse((await api.call('/v1/shadows/strict?days=7')).body);
    expect(report).toMatchObject({ name: 'strict', lane: 'main', judged: 6, liveOnly: 5, both: 1 });
    expect(report.byDay.map(({ day, judged }) => [day, judged])).toEqual([[today.slice(0, 10), 6]]);
  });

  it.each(['/v1/shadows/nobody', '/v1/shadows/nobody/disagreements'])(
    'answers %s with a 404 that names those there are',
    async (path) => {
      const { api } = await serving();
      const { status, body } = await api.call(path);
      expect([status, body]).toMatchObject([
        404,
        {
          code: 'unknown_shadow',
          known: ['strict', 'cheap'],
          detail: expect.stringContaining('strict, cheap'),
        },
      ]);
    },
  );

  it.each(['strict?days=0', 'strict?days=x', 'Strict', 'strict/disagreements?limit=0'])(
    'refuses %s with a 400',
    async (path) => {
      const { api } = await serving();
      expect((await api.call(`/v1/shadows/${path}`)).status).toBe(400);
    },
  );
});

describe('GET /v1/shadows/:name/disagreements', () => {
  it('brings each of them once, page by page', async () => {
    const { api } = await serving();
    const revisions: number[] = [];
    let cursor: string | undefined = '0';
    while (cursor !== undefined) {
      const path = `/v1/shadows/strict/disagreements?limit=2&cursor=${encodeURIComponent(cursor)}`;
      const page = disagreementsSchema.parse((await api.call(path)).body);
      revisions.push(...page.verdicts.map(({ revision }) => revision));
      cursor = page.cursor;
    }
    expect(revisions.toSorted()).toEqual([0, 1, 2, 3, 4]);
  });

  it('tells the question where it is at hand, cut off where it is long', async () => {
    const lanes = [shadowLane('strict')];
    const verdicts = ['a', 'b'].map((digit) => shadowVerdict({ questionId: questionId(digit.repeat(24)) }));
    const example = exampleOf(questionOf('x'.repeat(1_000)));
    const route = disagreementsRoute({
      shadows: fakeShadows(lanes, verdicts),
      reports: {
        outcome: async (_lane, id) => (id.startsWith('a') ? { status: 'approved', example } : undefined),
      },
      reviewQueue: { find: async () => undefined },
    });
    const { api } = await served({ routes: [route] });
    const page = disagreementsSchema.parse((await api.call('/v1/shadows/strict/disagreements')).body);
    const told = new Map(page.verdicts.map(({ questionId, text }) => [questionId[0], text]));
    expect([told.get('a'), told.get('b')]).toEqual(['x'.repeat(300), undefined]);
  });

  it('is an empty page of a shadow that agrees on everything', async () => {
    const { api } = await serving();
    expect(await api.call('/v1/shadows/cheap/disagreements')).toMatchObject({
      ...{ status: 200, body: { verdicts: [] } },
    });
  });
});
