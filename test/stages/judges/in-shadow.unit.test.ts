import { describe, expect, it, vi } from 'vitest';
import type { Review } from '../../../src/stages/example.ts';
import { inShadow, type Shadow } from '../../../src/stages/judges/in-shadow.ts';
import { verdictsOf } from '../../../src/stages/judges/shadow-log.ts';
import { recipeHash } from '../../../src/stages/lanes/recipe.ts';
import type { ReviewMessage } from '../../../src/stages/message.ts';
import { workKeyOf } from '../../../src/stages/message.ts';
import { reviewStage } from '../../../src/stages/review/stage.ts';
import { shownSchema } from '../../../src/stages/store/review-queue-repository.ts';
import { shadowVerdictSchema } from '../../../src/stages/store/shadow-repository.ts';
import type { StageResult } from '../../../src/streams/delivery/stage.ts';
import { workIdOf } from '../../../src/streams/work/work.ts';
import { FakeModel } from '../../support/fakes/fake-model.ts';
import { FakeWorkStore } from '../../support/fakes/fake-work-store.ts';
import { logRecord } from '../../support/stage/records.ts';
import {
  candidate,
  earlier,
  firstAttempt,
  laneOf,
  lanesOf,
  questionOf,
  recipes,
  recordWith,
  research,
  reviewOf,
  topics,
} from '../../support/stage/stage-fixtures.ts';
import { finished, laneName } from '../../support/stage/work.ts';

const into = laneName('shadow-strict');
const own = laneOf({ name: into, shadow: true, recipes: recipes({ settings: { model: 'better' } }) });
const scores = { correctness: { score: 3, reason: 'no' }, clarity: { score: 9, reason: 'yes' } };

function shadowed(overrides: Partial<Shadow> = {}) {
  const store = new FakeWorkStore<Review>();
  const model = new FakeModel({ text: JSON.stringify({ scores, feedback: 'Wrong.' }) });
  const lanes = lanesOf(laneOf(), own);
  const live = reviewStage({ topics, store, model, lanes });
  const settled = vi.fn(async () => undefined);
  const stage = inShadow(live, {
    ...{ name: 'strict', source: laneName('main'), into, share: 1, ask: true, settled },
    recipe: recipeHash(own.recipes.review),
    lanes,
    ...overrides,
  });
  /** The live judge said this of the message. */
  const judged = async (message: ReviewMessage, review: Review) => {
    const work = workKeyOf('review', message);
    const claim = await store.claim(work);
    if (claim.kind !== 'claimed') throw new RangeError('not claimed');
    await store.complete({ workId: workIdOf(work), token: claim.token }, finished(review));
  };
  const messageOf = (changes: Partial<ReviewMessage> = {}): ReviewMessage =>
    live.decode(
      recordWith({ v: 1, question: questionOf(), research, candidate, provenance: [earlier], ...changes }),
    );
  const wants = (message: ReviewMessage) => stage.wants?.(message, logRecord({ offset: 7n }));
  /** What the shadow decides beside the live verdict. */
  const beside = async (live: Review, said: Review, changes: Partial<ReviewMessage> = {}) => {
    const message = messageOf(changes);
    await judged(message, live);
    await wants(message);
    return stage.decide(message, finished(said));
  };
  return { stage, store, model, settled, judged, messageOf, wants, beside };
}

function verdictOf(result: StageResult) {
  if (result.kind !== 'finish' && result.kind !== 'hold') throw new RangeError(`decided ${result.kind}`);
  expect(result.topic).toBe(verdictsOf('strict'));
  const [record, ...more] = result.records;
  expect(more).toEqual([]);
  return shadowVerdictSchema.parse(JSON.parse(String(record?.value)));
}

describe('a shadow judge', () => {
  it('judges what the live judge has judged, once that is settled', async () => {
    const { wants, judged, messageOf, settled } = shadowed();
    const message = messageOf();
    await judged(message, reviewOf('approved'));
    await expect(wants(message)).resolves.toBe(true);
    expect(settled).toHaveBeenCalledWith(expect.objectContaining({ offset: 7n }));
  });

  it('pays for nothing that the live judge could not judge', async () => {
    const { wants, messageOf } = shadowed();
    await expect(wants(messageOf())).resolves.toBe(false);
  });

  it('leaves other lanes alone, and waits for nobody over them', async () => {
    const { wants, messageOf, settled } = shadowed();
    await expect(wants(messageOf({ lane: laneName('again') }))).resolves.toBe(false);
    expect(settled).not.toHaveBeenCalled();
  });

  it('judges a share of the candidates, always the same ones', async () => {
    const [half, same] = [shadowed({ share: 0.5 }), shadowed({ share: 0.5 })];
    const drawnBy = async ({ messageOf, judged, wants }: ReturnType<typeof shadowed>) => {
      const drawn: boolean[] = [];
      for (let index = 0; index < 200; index += 1) {
        const message = messageOf({ question: questionOf({ text: `Question ${index}` }) });
        await judged(message, reviewOf('approved'));
        drawn.push((await wants(message)) === true);
      }
      return drawn;
    };
    const drawn = await drawnBy(half);
    expect(await drawnBy(same)).toEqual(drawn);
    expect(drawn.filter(Boolean).length).toBeGreaterThan(70);
    expect(drawn.filter(Boolean).length).toBeLessThan(130);
  });

  it('works in its own lane and by its own recipe, whatever an operator changed for the live judge', async () => {
    const { stage, model, messageOf } = shadowed();
    const message = messageOf({ drive: 3, override: { model: 'cheap', maxAttempts: 1 } });
    expect(stage.workOf(message)).toMatchObject({ lane: into, drive: 0, stage: 'review' });
    expect(stage.mostAttempts?.(message)).toBeUndefined();
    const { result } = await stage.run(message, firstAttempt);
    expect(result).toMatchObject({ verdict: 'revise', score: 3 });
    expect(model.requests[0]?.settings.model).toBe('better');
  });

  it('tells its verdict beside the live one, and lets nothing follow', async () => {
    const { beside } = shadowed();
    const result = await beside(reviewOf('approved'), reviewOf('approved', { score: 8 }), { revision: 2 });
    expect(result.kind).toBe('finish');
    expect(verdictOf(result)).toMatchObject({
      ...{ shadow: 'strict', lane: 'main', revision: 2 },
      ...{ live: 'approved', liveScore: 9, verdict: 'approved', score: 8 },
    });
  });

  it.each(['revise', 'rejected'] as const)(
    'counts a candidate that is %s as not approved',
    async (verdict) => {
      const { beside } = shadowed();
      const result = await beside(reviewOf('approved'), reviewOf(verdict));
      expect(verdictOf(result)).toMatchObject({ live: 'approved', verdict: 'rejected' });
    },
  );

  it('asks a person where it sees a finished candidate otherwise, with both reviews', async () => {
    const { beside } = shadowed();
    const live = reviewOf('approved');
    const result = await beside(live, reviewOf('revise', { feedback: 'Wrong.' }));
    if (result.kind !== 'hold') throw new RangeError(`decided ${result.kind}`);
    expect(result.waiting.why).toBe('disagreement');
    const { message, shadow } = shownSchema.parse(JSON.parse(result.waiting.shown));
    expect(message).toMatchObject({ lane: 'main', candidate, review: live });
    expect(message.provenance.map(({ stage }) => stage)).toEqual(['research', 'review']);
    expect(shadow).toEqual({ name: 'strict', score: 3, verdict: 'rejected', feedback: 'Wrong.' });
    expect(verdictOf(result)).toMatchObject({ live: 'approved', verdict: 'rejected' });
  });

  it.each([
    ['is sent back', reviewOf('revise'), {}],
    ['waits for a person already', reviewOf('rejected', { hold: 'audit' }), {}],
    ['is not to be asked about', reviewOf('rejected'), { ask: false }],
  ])('asks nobody about a candidate that %s', async (_, live, options) => {
    const { beside } = shadowed(options);
    const result = await beside(live, reviewOf('approved'));
    expect(result.kind).toBe('finish');
    expect(verdictOf(result)).toMatchObject({ live: 'rejected', verdict: 'approved' });
  });

  it('takes an answer from a file only where it was made by its own recipe', () => {
    const { stage } = shadowed();
    const left = finished(reviewOf('approved'));
    expect(stage.recognise?.({ ...left, recipe: recipeHash(own.recipes.review) })).toMatchObject({
      result: left.result,
    });
    expect(stage.recognise?.(left)).toBeUndefined();
  });

  it('stops where its lane was opened anew with another recipe', async () => {
    const { stage, messageOf } = shadowed();
    await expect(stage.accept?.(messageOf())).resolves.toBeUndefined();
    const { stage: late } = shadowed({ recipe: 'another' });
    await expect(late.accept?.(messageOf())).rejects.toMatchObject({ kind: 'fatal', code: 'shadow_changed' });
  });

  it('keeps a long feedback short', async () => {
    const { beside } = shadowed();
    const result = await beside(reviewOf('approved'), reviewOf('approved', { feedback: 'x'.repeat(50_000) }));
    expect(verdictOf(result).feedback).toHaveLength(1_000);
  });
});
