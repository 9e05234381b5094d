import { describe, expect, it } from 'vitest';
import type { Research } from '../../../src/stages/example.ts';
import { inReprocess, inRepublish, type Reprocess } from '../../../src/stages/lanes/replay.ts';
import { decodeMessage, generationMessage, type ResearchMessage } from '../../../src/stages/message.ts';
import { researchStage } from '../../../src/stages/research/stage.ts';
import { FakeModel } from '../../support/fakes/fake-model.ts';
import { FakeWorkStore } from '../../support/fakes/fake-work-store.ts';
import { logRecord } from '../../support/stage/records.ts';
import {
  firstAttempt,
  laneOf,
  lanesOf,
  nextRecord,
  questionOf,
  recipes,
  recordWith,
  research,
  topics,
} from '../../support/stage/stage-fixtures.ts';
import { finished, laneName } from '../../support/stage/work.ts';

const into = laneName('again');
const model = new FakeModel({ text: JSON.stringify(research) });
const own = recipes();
const again = laneOf({
  name: into,
  recipes: { ...own, research: { ...own.research, settings: { model: 'better' } } },
});

function replayed(overrides: Partial<Reprocess> = {}) {
  const lanes = lanesOf(laneOf(), again);
  const stage = researchStage({ topics, store: new FakeWorkStore(), model, lanes });
  return inReprocess(stage, {
    mode: 'reprocess',
    stage: 'research',
    group: 'g',
    source: laneName('main'),
    into,
    until: new Map([[0, 10n]]),
    revisionOf: () => 0,
    includes: async () => true,
    enrol: async () => undefined,
    ...overrides,
  });
}

function messageOf(overrides: Partial<ResearchMessage> = {}): ResearchMessage {
  return replayed().decode(recordWith({ v: 1, question: questionOf(), ...overrides }));
}

describe('a stage in a replay', () => {
  it.each([
    ['a record of the source lane', {}, {}, {}, true],
    ['a record of another lane', { lane: into }, {}, {}, false],
    ['a record after the pinned end', {}, { offset: 10n }, {}, false],
    ['a record of a partition that was empty', {}, { partition: 1 }, {}, false],
    ['another revision', { revision: 1 }, {}, {}, false],
    ['the revision that is meant', { revision: 1 }, {}, { revisionOf: () => 1 }, true],
    ['a question that is not meant', {}, {}, { includes: async () => false }, false],
  ])('decides about %s', async (_, message, place, replay, wanted) => {
    const stage = replayed(replay);
    const record = logRecord({ offset: 9n, ...place });
    await expect(stage.wants?.(messageOf(message), record)).resolves.toBe(wanted);
  });

  it('works in its own lane, by that lane’s recipe, as if it were never redriven', async () => {
    const stage = replayed();
    const message = messageOf({ drive: 4 });
    expect(stage.workOf(message)).toMatchObject({ lane: 'again', drive: 0, revision: 0 });
    await stage.run(message, firstAttempt);
    expect(model.requests.at(-1)?.settings.model).toBe('better');
  });

  it('sends what follows on in its own lane', () => {
    const decision = replayed().decide(messageOf({ drive: 4 }), finished(research));
    const next = decodeMessage(generationMessage, nextRecord(decision));
    expect(next).toMatchObject({ lane: 'again', drive: 0, revision: 0 });
  });
});

describe('a stage that is published again', () => {
  const store = new FakeWorkStore<Research>();
  const stage = inRepublish(researchStage({ topics, store, model, lanes: lanesOf() }), {
    mode: 'republish',
    stage: 'research',
    group: 'g',
    source: laneName('main'),
    until: new Map([[0, 10n]]),
    includes: async () => true,
  });
  const message = stage.decode(recordWith({ v: 1, question: questionOf(), revision: 3, drive: 2 }));

  it('takes every revision of the source lane up to the pinned end', async () => {
    expect(await stage.wants?.(message, logRecord({ offset: 9n }))).toBe(true);
    expect(await stage.wants?.(message, logRecord({ offset: 10n }))).toBe(false);
    expect(await stage.wants?.({ ...message, lane: into }, logRecord({ offset: 9n }))).toBe(false);
  });

  it('recalls what is done, in the lane it came from, and claims nothing', async () => {
    expect(await stage.recall?.(message)).toBeUndefined();
    const done = finished(research);
    store.put(stage.workOf(message), { state: 'done', finished: done });
    expect(await stage.recall?.(message)).toEqual(done);
    expect(stage.workOf(message)).toMatchObject({ lane: 'main', revision: 3 });
    expect(store.journal).toEqual([]);
  });
});
