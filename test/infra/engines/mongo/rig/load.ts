import { expect } from 'vitest';
import type { MongoStore } from '../../../../../src/infra/engines/mongo/store.ts';
import type { Failure } from '../../../../../src/streams/failure.ts';
import { persistThrough } from '../../../../../src/streams/work/persist.ts';
import type { LaneName } from '../../../../../src/streams/work/work.ts';
import { heldBy } from '../../../../../src/testing/store/claiming.ts';
import {
  attemptOf,
  failedAttemptOf,
  finishedWith,
  newLane,
  questionOf,
  research,
  workOf,
} from '../../../../../src/testing/store/fixtures.ts';
import { testStop } from '../../../../support/stage/stop-signals.ts';
import { within } from '../../../../support/within.ts';

const WRITERS = 16;
const END_WITHIN_MS = 90_000;

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
  const steps = new Map<number, string>();
  let [done, ended] = [0, false];
  const writer = async (_: unknown, number: number) => {
    const write = <T>(step: string, act: () => Promise<T>) => {
      steps.set(number, step);
      return persist(act);
    };
    while (!ended) {
      await finishOne(store, lane, write);
      done += 1;
    }
    steps.delete(number);
  };
  const writers = Promise.all(Array.from({ length: WRITERS }, writer));
  return {
    lane,
    done: () => done,
    failures: () => failures,
    end: async () => {
      ended = true;
      await within(`the writers end, which are at ${[...steps.values()].join(', ')}`, writers, END_WITHIN_MS);
    },
  };
}

type Write = <T>(step: string, act: () => Promise<T>) => Promise<T>;

async function finishOne(store: MongoStore, lane: LaneName, write: Write): Promise<void> {
  const question = questionOf();
  const work = workOf(question, { lane });
  await write('accepting', () => store.questions.accept(work, question, { run: lane, position: 0 }));
  const held = heldBy(work, await write('claiming', () => store.research.claim(work)));
  await write('keeping an attempt', () => store.research.recordAttempt(held, failedAttemptOf(1)));
  const finished = finishedWith(research, { attempts: [failedAttemptOf(1), attemptOf(2)] });
  expect(await write('completing', () => store.research.complete(held, finished))).toBe('stored');
  await write('moving', () => store.move({ work, status: 'researched' }));
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
