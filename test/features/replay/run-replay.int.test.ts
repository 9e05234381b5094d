import { describe, expect, it } from 'vitest';
import type { Asked } from '../../../src/features/questions/question-record.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import type { StatusCounts } from '../../../src/stages/store/store.ts';
import { listOf } from '../../../src/testing/store/fixtures.ts';
import { violations } from '../../support/invariants.ts';
import { estimateHere, goingOn, replayHere, replayRequest, withData } from '../../support/run/replay-here.ts';
import { runHere } from '../../support/run/run-here.ts';
import { laneName } from '../../support/stage/work.ts';
import { tempDir } from '../../support/temp-dir.ts';

async function* asking(texts: readonly string[], topic = 'physics'): AsyncGenerator<Asked> {
  for (const text of texts)
    yield { question: { text, context: '', topic, subTopic: '', trainingType: 'sft' }, id: text };
}

const numbers = (count: number, word = 'Question') =>
  Array.from({ length: count }, (_, index) => `${word} ${index}?`);

/** A simulated model that answers at once. */
const atOnce = (behaviour: string) => `latency=0ms,${behaviour}`;

/** Simulated questions, worked to their ends. */
async function worked(behaviour = 'reject=0%', texts = numbers(6)) {
  const settings = { data: await tempDir(), simulate: atOnce(behaviour) };
  await runHere(settings, { asked: asking(texts) });
  return settings;
}

const countsOf = (data: string, lane = 'main'): Promise<StatusCounts> =>
  withData(data, ({ store }) => store.reports.counts(laneName(lane)));
const endOf = (counts: StatusCounts) => Object.values(counts).reduce((sum, count) => sum + count, 0);
const kept = (data: string) => violations(data, { namespace: 'millrace-simulated' });

describe('a reprocess', () => {
  it('works every question of the source again from its stage on, in its own lane', async () => {
    const settings = await worked();
    const before = await countsOf(settings.data);
    const done = await replayHere(settings, replayRequest('second'));
    expect(done).toMatchObject({ isRead: true, interrupted: false, open: 0, dead: 0 });
    expect(done.reading).toEqual({ messages: 6, read: 6, taken: 6 });
    expect(endOf(done.counts)).toBe(6);
    expect(await countsOf(settings.data)).toEqual(before);
    expect(await kept(settings.data)).toEqual([]);
  });

  it('takes of review the highest revision of each question', async () => {
    const settings = await worked('reject=100%');
    expect(await countsOf(settings.data)).toMatchObject({ rejected: 6 });
    const request = replayRequest('second', { stage: 'review' }, { minScore: 1 });
    const done = await replayHere(settings, request);
    expect(done.reading).toEqual({ messages: 12, read: 12, taken: 6 });
    expect(done.spent.calls).toBe(6);
    const revisions = await withData(settings.data, async ({ store }) => {
      const ends = (['approved', 'rejected'] as const).map((verdict) =>
        listOf(store.reports.dataset({ lane: laneName('second'), verdict })),
      );
      return (await Promise.all(ends)).flat().map(({ example }) => example.revision);
    });
    expect(revisions).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await kept(settings.data)).toEqual([]);
  });

  it('takes only the subject, the status and the range that are asked for', async () => {
    const settings = await worked();
    await runHere(
      { ...settings, simulate: atOnce('reject=100%') },
      { asked: asking(numbers(4, 'Reaction'), 'chemistry') },
    );
    const taken = async (name: string, request: Parameters<typeof replayRequest>[1]) =>
      (await replayHere(settings, replayRequest(name, request))).reading.taken;
    expect(await taken('a', { topic: 'Chemistry' })).toBe(4);
    expect(await taken('b', { status: ['rejected'], topic: 'chemistry' })).toBe(4);
    expect(await taken('c', { status: ['dead_lettered'] })).toBe(0);
    expect(await taken('d', { to: { kind: 'offset', offset: 2n } })).toBe(2);
    expect(await taken('e', { from: { kind: 'time', atMs: Date.now() + 60_000 } })).toBe(0);
    expect(await kept(settings.data)).toEqual([]);
  });

  it('leaves what was published after its start to the live stage', async () => {
    const settings = await worked();
    const stopped = await replayHere(settings, replayRequest('second'), {
      onSession: (session) => session.stop.drain(),
    });
    expect(stopped).toMatchObject({ isRead: false, interrupted: true });
    await runHere(settings, { asked: asking(numbers(3, 'Later')) });
    const done = await replayHere(settings, goingOn('second'));
    expect(done.reading).toEqual({ messages: 6, read: 6, taken: 6 });
    expect(endOf(done.counts)).toBe(6);
    expect(endOf(await countsOf(settings.data))).toBe(9);
    expect(await kept(settings.data)).toEqual([]);
  });

  it('costs nothing a second time, and leaves no group behind', async () => {
    const settings = await worked();
    const { plan } = await replayHere(settings, replayRequest('second'));
    const again = await replayHere(settings, replayRequest('second'));
    expect(again).toMatchObject({ isRead: true, open: 0, spent: { calls: 0 } });
    const committed = await withData(settings.data, ({ log }) =>
      log.committedOffsets(plan.group, 'millrace-simulated.generation'),
    );
    expect(committed.size).toBe(0);
  });

  it('has dead letters of its own lane, which are sent again there', async () => {
    const settings = await worked();
    const before = await countsOf(settings.data);
    const broken = await replayHere(
      { ...settings, simulate: atOnce('malformed=100%') },
      replayRequest('second'),
    );
    expect(broken).toMatchObject({ dead: 6, counts: { dead_lettered: 6 } });
    await runHere(settings, { retryFailed: true });
    expect(await countsOf(settings.data, 'second')).toMatchObject({ approved: 6, dead_lettered: 0 });
    expect(await countsOf(settings.data)).toEqual(before);
    // A dead letter's record in the new lane rests on research that its source lane holds.
    const rest = (await kept(settings.data)).filter((line) => !line.startsWith('causality'));
    expect(rest).toEqual([]);
  });

  it('stops where its budget is used up, and goes on with another', async () => {
    const settings = await worked();
    const limited = { ...settings, maxTokens: 5_000, batchSize: 1 };
    const poor = await replayHere(limited, replayRequest('second'));
    expect(poor).toMatchObject({ interrupted: true, budgetSpent: 'run' });
    const done = await replayHere(settings, goingOn('second'));
    expect(done).toMatchObject({ open: 0, budgetSpent: undefined, counts: { approved: 6 } });
  });

  it('can leave the stages behind it to others', async () => {
    const settings = await worked();
    const first = await replayHere(settings, replayRequest('second'), { onlyReplay: true });
    expect(first.counts).toMatchObject({ generated: 6 });
    const rest = await replayHere(settings, goingOn('second'));
    expect([rest.open, rest.spent.calls >= 6]).toEqual([0, true]);
    expect(await kept(settings.data)).toEqual([]);
  });
});

describe('a republish', () => {
  it('calls nobody and changes no end', async () => {
    const settings = await worked('reject=40%,seed=3');
    const before = await countsOf(settings.data);
    // Backwards, so that none reads what another published again.
    for (const stage of ['storage', 'review', 'generation', 'research', 'questions'] as const) {
      const done = await replayHere(settings, replayRequest(`${stage}-again`, { mode: 'republish', stage }));
      expect(done).toMatchObject({ isRead: true, spent: { calls: 0 } });
      const published = stage === 'storage' ? before.approved : done.reading.messages;
      expect(done.reading.taken).toBe(published);
    }
    expect(await countsOf(settings.data)).toEqual(before);
    expect(await kept(settings.data)).toEqual([]);
  });

  it('leaves out what is not done', async () => {
    const settings = await worked('malformed=100%');
    expect(await countsOf(settings.data)).toMatchObject({ dead_lettered: 6 });
    const done = await replayHere(settings, replayRequest('again', { mode: 'republish', stage: 'research' }));
    expect(done).toMatchObject({ isRead: true, dead: 0, reading: { taken: 0 } });
  });
});

describe('a dry run', () => {
  it('counts what the replay then does, and leaves nothing behind', async () => {
    const settings = await worked('reject=50%,seed=5');
    const request = replayRequest('second', { stage: 'generation' });
    const dry = await estimateHere(settings.data, request);
    expect(dry).toMatchObject({ matching: 6, works: 6, unknownWorks: 0, unpricedWorks: 0 });
    const left = await withData(settings.data, async ({ store }) => [
      await store.lanes.get(laneName('second')),
      await store.replays.get(laneName('second')),
    ]);
    expect(left).toEqual([undefined, undefined]);
    const done = await replayHere(settings, request);
    expect(done.reading).toMatchObject({ messages: dry.messages, taken: dry.works });
    expect(await estimateHere(settings.data, request)).toMatchObject({ messages: 0, works: 0, calls: 0 });
  });

  it('goes by the price of the model that is asked for', async () => {
    const settings = await worked();
    const tokens = await withData(settings.data, async ({ store }) => {
      const { usage } = (await store.reports.progress(MAIN_LANE)).stages.review;
      return usage.input + usage.output;
    });
    const request = replayRequest('second', { stage: 'review' }, { models: { review: 'dear' } });
    const dear = { dear: { input: 1_000_000, output: 1_000_000 } };
    expect((await estimateHere(settings.data, request, dear)).costUsd).toBeCloseTo(tokens, 5);
    expect(await estimateHere(settings.data, request)).toMatchObject({ costUsd: 0, unpricedWorks: 6 });
  });

  it('counts questions without a stored result apart', async () => {
    const settings = await worked('malformed=100%');
    const dry = await estimateHere(settings.data, replayRequest('second', { stage: 'research' }));
    expect(dry).toMatchObject({ works: 6, calls: 0, unknownWorks: 6 });
  });
});
