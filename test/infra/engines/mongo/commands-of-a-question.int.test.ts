import { type CommandStartedEvent, MongoClient } from 'mongodb';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { workIdOf } from '../../../../src/streams/work/work.ts';
import { claimed, heldBy, seenOf } from '../../../../src/testing/store/claiming.ts';
import {
  deadLetterOf,
  exampleOf,
  finishedWith,
  listOf,
  newLane,
  newRun,
  newWork,
  questionOf,
  research,
  workOf,
} from '../../../../src/testing/store/fixtures.ts';
import { describeOnMongo } from '../../../support/servers/on-servers.ts';
import { openedStore, openForTest } from './opened.ts';

await describeOnMongo('on a real MongoDB', (uri) => {
  describe('a question that nobody has asked before', () => {
    it('takes three commands to be accepted, and none to be claimed then', async () => {
      const { store } = await openForTest(`${uri}&monitorCommands=true`);
      const said = commands();
      const question = questionOf();
      const work = workOf(question, { lane: newLane(), stage: 'questions' });
      await store.questions.accept(work, question, { run: newRun(), position: 0 });
      expect(said()).toEqual(['insert submissions', 'insert questions', 'find forgotten']);
      expect(await store.questions.claim(work)).toMatchObject({ kind: 'claimed' });
      expect(said()).toEqual([]);
    });

    it('takes two commands for the claim of a paid stage, and one to store its result', async () => {
      const { store } = await openForTest(`${uri}&monitorCommands=true`);
      const said = commands();
      const held = await claimed(store.research, newWork());
      expect(said()).toEqual(['insert research', 'aggregate forgotten']);
      expect(await store.research.complete(held, finishedWith(research))).toBe('stored');
      expect(said()).toEqual(['update research']);
    });

    it('takes three commands to become an example', async () => {
      const { store } = await openForTest(`${uri}&monitorCommands=true`);
      const said = commands();
      const [question, lane] = [questionOf(), newLane()];
      const held = await claimed(store.dataset, workOf(question, { lane, stage: 'storage' }));
      await store.dataset.complete(held, finishedWith(exampleOf(question, { lane })));
      expect(said()).toEqual(['aggregate dataset', 'insert dataset', 'aggregate rejections']);
    });
  });

  describe('a question of which more is known', () => {
    it('is looked for at its claim when it is accepted once more', async () => {
      const { store, namespace } = await openForTest(uri);
      const other = await openedStore(uri, { namespace });
      onTestFinished(() => other.store.close());
      const question = questionOf();
      const work = workOf(question, { lane: newLane(), stage: 'questions' });
      await store.questions.accept(work, question, undefined);
      await other.store.questions.markPublished([workIdOf(work)]);
      await store.questions.accept(work, question, undefined);
      expect(await store.questions.claim(work)).toMatchObject({ kind: 'done', published: true });
    });

    it('has the dead letter closed that another process put before its first claim', async () => {
      const { store, namespace } = await openForTest(uri);
      const other = await openedStore(uri, { namespace });
      onTestFinished(() => other.store.close());
      const work = newWork();
      await other.store.putDeadLetter(deadLetterOf(work));
      await store.research.complete(await claimed(store.research, work), finishedWith(research));
      expect(await listOf(store.deadLetters.list({}))).toEqual([]);
    });

    it('has the dead letter closed that the holder before put, in a claim that was given back or taken over', async () => {
      const { store, namespace } = await openForTest(uri);
      const other = await openedStore(uri, { namespace });
      onTestFinished(() => other.store.close());
      const [back, over] = [newWork(), newWork()];
      let held = await claimed(store.research, back);
      await store.research.release(held);
      await other.store.research.release(await claimed(other.store.research, back));
      held = await claimed(store.research, back);
      await other.store.putDeadLetter(deadLetterOf(back));
      await store.research.complete(held, finishedWith(research));

      await claimed(store.research, over);
      for (const each of [other.store.research, store.research])
        held = heldBy(over, await each.takeOver(over, await seenOf(each, over)));
      await other.store.putDeadLetter(deadLetterOf(over));
      await store.research.complete(held, finishedWith(research));
      expect(await listOf(store.deadLetters.list({}))).toEqual([]);
    });
  });
});

/** What the driver sends from now on, each time since the last. */
function commands(): () => readonly string[] {
  const heard: string[] = [];
  const { emit } = MongoClient.prototype;
  const spy = vi.spyOn(MongoClient.prototype, 'emit').mockImplementation(function (
    this: MongoClient,
    name,
    ...rest
  ) {
    if (name === 'commandStarted') {
      const { commandName, command } = rest[0] as unknown as CommandStartedEvent;
      heard.push(`${commandName} ${command[commandName]}`);
    }
    return Reflect.apply(emit, this, [name, ...rest]);
  });
  onTestFinished(() => spy.mockRestore());
  return () => heard.splice(0);
}
