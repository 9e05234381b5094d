import type { Stage, StageResult } from '../streams/delivery/stage.ts';
import type { OutgoingRecord } from '../streams/log/log.ts';
import type { LaneName } from '../streams/work/work.ts';
import { recordOf, versionFor } from './message.ts';
import { type Question, questionIdOf } from './question.ts';

/** What one stage says to a record of its topic by what it has stored; `undefined` where its work is not done. */
export type StoredStep = Readonly<{
  topic: string;
  follow(record: OutgoingRecord): Promise<StageResult | undefined>;
}>;

/** The stage as a step: it reads its store and calls nobody. */
export function storedStep<Message, Result>(stage: Stage<Message, Result>): StoredStep {
  const { topic } = stage;
  return {
    topic,
    follow: async ({ key, value, headers = {} }) => {
      const place = { topic, partition: 0, offset: 0n, timestampMs: 0 };
      const message = stage.decode({ ...place, key, value, headers });
      await stage.accept?.(message);
      const finished = await stage.store.find(stage.workOf(message));
      return finished === undefined ? undefined : stage.decide(message, finished);
    },
  };
}

/** Where a question goes on: the record that is to be published, or the end that its stored results come to. */
export type Rebuilt =
  | Readonly<{ kind: 'record'; topic: string; record: OutgoingRecord }>
  | Readonly<{ kind: 'end'; result: StageResult }>;

/**
 * The record in which a question goes on, made again from its text and from the results that are stored, whatever has become of the
 * topics: nothing that is done is worked again.
 *
 * @param steps of the stages from research on.
 */
export async function rebuiltRecord(
  steps: readonly StoredStep[],
  { question, lane, drive }: Readonly<{ question: Question; lane: LaneName; drive: number }>,
): Promise<Rebuilt> {
  const message = { v: versionFor(question), lane, revision: 0, drive, question } as const;
  let at = steps[0];
  let topic = at?.topic ?? '';
  let record = recordOf(questionIdOf(question), message);
  for (;;) {
    const result = await at?.follow(record);
    // A stage that this process does not have has done nothing that it knows of.
    if (result === undefined || at === undefined) return { kind: 'record', topic, record };
    const [next] = result.kind === 'emit' ? result.records : [];
    if (result.kind !== 'emit' || next === undefined) return { kind: 'end', result };
    topic = result.topic;
    at = steps.find((step) => step.topic === topic);
    record = next;
  }
}
