import { describe, expect, it, onTestFinished } from 'vitest';
import { keepReplay, planReplay, type ReplayArguments } from '../../../src/features/replay/open-replay.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { topicsOf } from '../../../src/stages/stage-names.ts';
import { openedEngine } from '../../infra/engines/sqlite/opened.ts';
import { failureOf } from '../../support/failure-of.ts';
import { goingOn, replayRequest } from '../../support/run/replay-here.ts';
import { laneOf, recipes } from '../../support/stage/stage-fixtures.ts';
import { laneName } from '../../support/stage/work.ts';

const NAMESPACE = 'conformance';
const topic = topicsOf(NAMESPACE).generation;

/** An engine with the lane `main` and three records for generation. */
async function opened(lanes = [laneOf()]) {
  const { engine, close } = await openedEngine();
  onTestFinished(close);
  await engine.log.ensureTopics([{ topic, partitions: 1 }]);
  await engine.log.publish(
    topic,
    [0, 1, 2].map((index) => ({ key: `q${index}`, value: '{}' })),
  );
  for (const lane of lanes) await engine.store.lanes.put(lane);
  const plan = (request: ReplayArguments) => planReplay(engine, NAMESPACE, request);
  const open = async (request: ReplayArguments) => keepReplay(engine.store, await plan(request));
  return { engine, plan, open, refusal: (request: ReplayArguments) => failureOf(() => plan(request)) };
}

describe('a replay that is started', () => {
  it('pins its ends, has a group of its own, and opens a lane by the recipes of its source', async () => {
    const { engine, open } = await opened();
    const { plan, lane } = await open(replayRequest('second', {}, { models: { review: 'strict' } }));
    expect([...plan.begin, ...plan.end]).toEqual([
      [0, 0n],
      [0, 3n],
    ]);
    expect(plan.group).toBe(`${NAMESPACE}.generation.replay.second`);
    expect(lane).toMatchObject({ name: 'second', parent: 'main' });
    expect(lane.recipes).toEqual({
      ...recipes(),
      review: { ...recipes().review, settings: { model: 'strict' } },
    });
    expect(await engine.store.lanes.get(laneName('second'))).toEqual(lane);
  });

  it('opens no lane where it only publishes again', async () => {
    const { engine, open } = await opened();
    const { lane } = await open(replayRequest('again', { mode: 'republish', stage: 'generation' }));
    expect(lane.name).toBe(MAIN_LANE);
    expect(await engine.store.lanes.get(laneName('again'))).toBeUndefined();
  });

  it('is only a plan until it is kept', async () => {
    const { engine, plan } = await opened();
    await plan(replayRequest('second'));
    expect(await engine.store.replays.get(laneName('second'))).toBeUndefined();
    expect(await engine.store.lanes.get(laneName('second'))).toBeUndefined();
  });
});

describe('the same replay again', () => {
  it('is the one that was started, though the topic has grown and main has other recipes', async () => {
    const { engine, open } = await opened();
    const first = await open(replayRequest('second'));
    await engine.log.publish(topic, [{ key: 'later', value: '{}' }]);
    await engine.store.lanes.put(laneOf({ recipes: recipes({ minScore: 9 }) }));
    for (const request of [replayRequest('second'), goingOn('second')])
      expect(await open(request)).toEqual(first);
  });

  it('opens its lane where a crash came before that', async () => {
    const { engine, plan, open } = await opened();
    const { plan: started } = await plan(replayRequest('second'));
    await engine.store.replays.open(started);
    expect((await open(goingOn('second'))).lane.parent).toBe('main');
    expect(await engine.store.lanes.get(laneName('second'))).toBeDefined();
  });

  it.each([
    ['stage', replayRequest('second', { stage: 'review' }), 'stage generation there, review here'],
    ['mode', replayRequest('second', { mode: 'republish' }), 'mode reprocess there, republish here'],
    ['place', replayRequest('second', { to: { kind: 'offset', offset: 2n } }), 'to end there, 2 here'],
    ['subject', replayRequest('second', { topic: 'law' }), 'topic any there, law here'],
    ['status', replayRequest('second', { status: ['rejected'] }), 'status none there, rejected here'],
    ['recipe', replayRequest('second', {}, { minScore: 9 }), 'changes none there, minScore 9 here'],
  ])('is refused with another %s, and told what differs', async (_, request, what) => {
    const { open, refusal } = await opened();
    await open(replayRequest('second'));
    const failure = await refusal(request);
    expect(failure).toMatchObject({ kind: 'fatal', code: 'bad_lane' });
    expect(failure.message).toContain(what);
    expect(failure.message).toContain('millrace replay --lane second');
  });
});

describe('a replay is refused', () => {
  it.each([
    ['of a stage that asks no model', replayRequest('x', { stage: 'storage' }), 'Use republish'],
    ['of questions', replayRequest('x', { stage: 'questions' }), 'reprocess research'],
    ['by a name that nobody started', goingOn('x'), 'no replay named x'],
    ['into main', replayRequest('main'), 'a lane main already'],
    ['into a lane of shadow judges', replayRequest('shadow-x'), 'are for shadow judges'],
    ['from the lane of one', replayRequest('x', { source: laneName('shadow-mild') }), 'Replay main'],
    ['into a lane that stands', replayRequest('redo-review-1'), 'redo-review-1 already'],
    ['from a lane that nobody opened', replayRequest('x', { source: laneName('y') }), 'no lane y'],
    [
      'with another model where none is asked',
      replayRequest('x', { mode: 'republish' }, { models: { review: 'm' } }),
      'model of review would change nothing',
    ],
    [
      'from a partition that is not there',
      replayRequest('x', { from: { kind: 'offsets', offsets: new Map([[7, 0n]]) } }),
      'no partition 7',
    ],
  ])('%s', async (_, request, why) => {
    const shadow = laneOf({ name: laneName('shadow-mild'), parent: MAIN_LANE, shadow: true });
    const { refusal } = await opened([laneOf(), laneOf({ name: laneName('redo-review-1') }), shadow]);
    const failure = await refusal(request);
    expect(failure).toMatchObject({ kind: 'fatal', code: expect.stringMatching(/^bad_/) });
    expect(failure.message).toContain(why);
  });
});
