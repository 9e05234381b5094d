import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Example, Research, Review } from '../../stages/example.ts';
import { MAIN_LANE } from '../../stages/lanes/lane.ts';
import { type Question, questionIdOf } from '../../stages/question.ts';
import type { Store } from '../../stages/store/store.ts';
import type { DeadLetter, StoredDeadLetter } from '../../streams/delivery/dead-letter.ts';
import {
  type Attempt,
  type Finished,
  type LaneName,
  type Token,
  type WorkKey,
  workIdOf,
} from '../../streams/work/work.ts';

/** A store to be tested, and the same one opened by another process or after a restart. */
export type OpenedStore = Readonly<{ store: Store; reopen(): Promise<Store>; close(): Promise<void> }>;
export type OpenStore = () => Promise<OpenedStore>;

export async function openForTest(open: OpenStore): Promise<OpenedStore> {
  const opened = await open();
  onTestFinished(() => opened.close());
  return opened;
}

const laneNamed = (name: string): LaneName => name as LaneName;
/** A lane that no other test uses. */
export const newLane = (): LaneName => laneNamed(`lane-${randomUUID()}`);
export const newRun = (): string => `run-${randomUUID()}`;

export function questionOf(text: string = randomUUID(), trainingType = 'sft'): Question {
  return { text, context: '', topic: 'physics', subTopic: '', trainingType };
}

export function workOf(question: Question, overrides: Partial<WorkKey> = {}): WorkKey {
  const questionId = questionIdOf(question);
  return { lane: MAIN_LANE, questionId, stage: 'research', revision: 0, drive: 0, ...overrides };
}

/** A work that no other test knows. */
export function newWork(overrides: Partial<WorkKey> = {}): WorkKey {
  return workOf(questionOf(), overrides);
}

export const usage = { input: 1_000, output: 200, cached: 100, reasoning: 50 };

export function attemptOf(number: number, overrides: Partial<Attempt> = {}): Attempt {
  return {
    number,
    startedAt: new Date(1_700_000_000_000 + number * 1_000).toISOString(),
    durationMs: 12,
    outcome: 'ok',
    code: 'ok',
    message: '',
    model: 'gpt-x',
    finishReason: 'stop',
    usage,
    costUsd: 0.25,
    reply: '{"a":1}',
    ...overrides,
  };
}

export function failedAttemptOf(number: number, overrides: Partial<Attempt> = {}): Attempt {
  return attemptOf(number, {
    outcome: 'content',
    code: 'not_json',
    message: 'Expected one JSON object.',
    reply: 'Sure!',
    ...overrides,
  });
}

export const research: Research = { summary: 'S ✓', keyPoints: ['K'], caveats: [] };
/** The same with quotes that were found in sources. */
export const lookedUp: Research = {
  ...research,
  evidence: [
    {
      ...{
        id: 'E1',
        kind: 'document',
        source: 'documents:m/a.pdf',
        title: 'A',
        path: 'a.pdf',
        start: 4,
        end: 9,
      },
      ...{ contentHash: 'c', at: '2026-01-01T00:00:00.000Z', license: 'cc0-1.0', locator: { page: 2 } },
      ...{ quote: 'quote', passageHash: 'h', supports: [0] },
    },
  ],
  passages: [{ hash: 'h', text: 'The quote ✓ stands here.' }],
  coverage: 'partial',
};
export const approval: Review = {
  scores: { clarity: { score: 8, reason: 'clear' } },
  score: 8,
  verdict: 'approved',
  feedback: '',
};

export function finishedWith<Result>(
  result: Result,
  overrides: Partial<Finished<Result>> = {},
): Finished<Result> {
  return {
    result,
    model: 'gpt-x',
    recipe: 'abc123',
    usage,
    costUsd: 0.25,
    attempts: [attemptOf(1)],
    ...overrides,
  };
}

export function exampleOf(question: Question, overrides: Partial<Example> = {}): Example {
  return {
    v: 1,
    lane: MAIN_LANE,
    questionId: questionIdOf(question),
    revision: 0,
    simulated: false,
    question,
    research,
    candidate: { prompt: 'P', answer: 'A' },
    review: approval,
    provenance: [
      { stage: 'research', revision: 0, model: 'gpt-x', recipe: 'abc123', usage, costUsd: 0.25, calls: 1 },
    ],
    ...overrides,
  };
}

export function deadLetterOf(work: WorkKey, overrides: Partial<DeadLetter> = {}): DeadLetter {
  return {
    id: workIdOf(work),
    stage: work.stage,
    topic: `millrace.${work.stage}`,
    partition: 0,
    offset: 7n,
    key: work.questionId,
    value: '{"v":1}',
    headers: { 'x-one': '1' },
    work,
    drive: overrides.work?.drive ?? work.drive,
    kind: 'content',
    code: 'not_json',
    message: 'Expected one JSON object.',
    attempts: [failedAttemptOf(1), failedAttemptOf(2)],
    at: '2026-01-01T00:00:00.000Z',
    ...overrides,
  };
}

export function storedDeadLetter(
  deadLetter: DeadLetter,
  overrides: Partial<StoredDeadLetter> = {},
): StoredDeadLetter {
  return { ...deadLetter, firstAt: deadLetter.at, life: { kind: 'open' }, ...overrides };
}

let operators = 0;
/** The token of somebody who sends dead letters again. */
export function operator(): Token {
  operators += 1;
  return `operator-${operators}-${randomUUID()}` as Token;
}

/** Takes all open dead letters of a store, as an operator does. */
export async function takeAll(
  { deadLetters }: Store,
  by: Token = operator(),
): Promise<readonly StoredDeadLetter[]> {
  return deadLetters.take(by, await listOf(deadLetters.list({ lives: ['open'] })));
}

export async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
