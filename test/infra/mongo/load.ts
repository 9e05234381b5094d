import { expect } from 'vitest';
import type { MongoStore } from '../../../src/infra/mongo/mongo-store.ts';
import type { Failure } from '../../../src/streams/failure.ts';
import { persistThrough } from '../../../src/streams/persist.ts';
import type { HeldWork, LaneName, WorkKey } from '../../../src/streams/work.ts';
import { heldBy } from '../../conformance/store/claiming.ts';
import {
  attemptOf,
  failedAttempt,
  finishedWith,
  newLane,
  questionOf,
  research,
  workOf,
} from '../../conformance/store/fixtures.ts';
import { testStop } from '../../support/stop-signals.ts';

const WRITERS = 16;

/** Writers that do what a stage does, each write repeated as long as the database is away. */
export type Load = Readonly<{
  lane: LaneName;
  /** Works whose every write was acknowledged. */
  done(): number;
  failures(): readonly Failure[];
  /** Lets each writer finish the work that it has begun. */
  end(): Promise<void>;
}>;

export function startLoad(store: MongoStore): Load {
  const lane = newLane();
  const failures: Failure[] = [];
  const persist = persistThrough(testStop().signals, (failure) => failures.push(failure));
  let [done, ended] = [0, false];
  const writer = async () => {
    while (!ended) {
      const question = questionOf();
      const work = workOf(question, { lane });
      await persist(() => store.questions.accept(work, question, { run: lane, position: 0 }));
      const held = await persist(() => store.research.claim(work)).then((claim) => heldBy(work, claim));
      await finish(store, persist, work, held);
      done += 1;
    }
  };
  const writers = Promise.all(Array.from({ length: WRITERS }, writer));
  return {
    lane,
    done: () => done,
    failures: () => failures,
    end: async () => {
      ended = true;
      await writers;
    },
  };
}

async function finish(
  store: MongoStore,
  persist: ReturnType<typeof persistThrough>,
  work: WorkKey,
  held: HeldWork,
): Promise<void> {
  await persist(() => store.research.recordAttempt(held, failedAttempt(1)));
  const finished = finishedWith(research, { attempts: [failedAttempt(1), attemptOf(2)] });
  expect(await persist(() => store.research.complete(held, finished))).toBe('stored');
  await persist(() => store.move({ work, status: 'researched' }));
}

/** Everything that was acknowledged is there, once. */
export async function expectAllOf(store: MongoStore, { lane, done, failures }: Load): Promise<void> {
  expect(new Set(failures().map(({ kind }) => kind))).toEqual(
    new Set(failures().length > 0 ? ['outage'] : []),
  );
  const { questions, stages } = await store.reports.progress(lane);
  expect(questions.researched).toBe(done());
  expect(stages.research).toMatchObject({ done: done(), failedAttempts: done(), costUsd: done() * 0.5 });
  expect((await store.runs.counts(lane)).researched).toBe(done());
}
