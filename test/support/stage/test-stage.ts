import type { AttemptContext, AttemptResult, Stage } from '../../../src/streams/delivery/stage.ts';
import { Failure } from '../../../src/streams/failure.ts';
import type { LogRecord } from '../../../src/streams/log/log.ts';
import type { WorkStore } from '../../../src/streams/work/work.ts';
import { logRecord } from './records.ts';
import { attemptResult, questionId, workKey } from './work.ts';

export type TestMessage = Readonly<{ question: string; drive: number }>;

/** The record of a question, as `testStage` decodes it. */
export function questionRecord(question: string, overrides: Partial<LogRecord> & { drive?: number } = {}) {
  const { drive = 0, ...place } = overrides;
  return logRecord({ key: question, value: `${question}#${drive}`, ...place });
}

export const keyOf = (question: string, drive = 0) => workKey({ questionId: questionId(question), drive });

type Run = (message: TestMessage, context: AttemptContext) => Promise<AttemptResult<string>>;

/** A stage that decodes `question#drive` and hands its result on to the topic `next`. */
export function testStage(
  store: WorkStore<string>,
  overrides: Partial<Stage<TestMessage, string>> = {},
): Stage<TestMessage, string> {
  return {
    name: 'research',
    topic: 'in',
    store,
    decode: ({ value }) => {
      const [, question, drive] = typeof value === 'string' ? (/^(\w+)#(\d+)$/.exec(value) ?? []) : [];
      if (question === undefined) throw new Failure('poison', 'not_json', 'The record is not JSON.');
      return { question, drive: Number(drive) };
    },
    workOf: ({ question, drive }) => keyOf(question, drive),
    run: async ({ question }) => attemptResult(`answer to ${question}`),
    decide: ({ question }, { result }) => ({
      kind: 'emit',
      status: 'researched',
      topic: 'next',
      records: [{ key: question, value: result }],
    }),
    ...overrides,
  };
}

/** Runs that go as the script says, one line a call; the last line goes on for ever. */
export function scriptedRun(...script: readonly (Failure | string)[]): Run & { calls(): number } {
  let calls = 0;
  const run: Run = async () => {
    calls += 1;
    const line = script[Math.min(calls, script.length) - 1];
    if (line instanceof Failure) throw line;
    return attemptResult(line ?? '');
  };
  return Object.assign(run, { calls: () => calls });
}
