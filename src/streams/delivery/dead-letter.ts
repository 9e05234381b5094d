import type { FailureKind } from '../failure.ts';
import type { LogRecord, Offset } from '../log/log.ts';
import type { Attempt, Token, WorkKey } from '../work/work.ts';

/**
 * A settled record that could not be worked, with all it takes to understand it and to send it again. Its `id` is the
 * work's id, or `topic:partition:offset` of its first coming where the record could not even be decoded.
 */
export type DeadLetter = Readonly<{
  id: string;
  stage: string;
  topic: string;
  partition: number;
  offset: Offset;
  key: string | null;
  value: string | Uint8Array | null;
  headers: Readonly<Record<string, string>>;
  /** Absent where the record could not be decoded. */
  work: WorkKey | undefined;
  /** How often it has been sent again, this death included. */
  drive: number;
  kind: FailureKind;
  code: string;
  message: string;
  attempts: readonly Attempt[];
  at: string;
}>;

/**
 * Where a dead letter stands.
 *
 *     open --take, by compare-and-set--> redriving --its record is in the topic--> sent --success--> closed
 *      ^                                     '--given back----> open                 '--died again--> open
 */
export type DeadLetterLife =
  | Readonly<{ kind: 'open' }>
  /** One operator's, who is sending it. Abandoned when `renewal` has not moved for a whole lease. */
  | Readonly<{ kind: 'redriving'; by: Token; renewal: number }>
  /** On its way again: whoever works the record closes the dead letter or opens it again. */
  | Readonly<{ kind: 'sent'; by: Token; at: string }>
  /** `redriven`: sending it again helped. `done`: its work was done after all. */
  | Readonly<{ kind: 'closed'; how: 'redriven' | 'done'; at: string }>;

/** A dead letter as it is kept. `attempts` are those of all drives. */
export type StoredDeadLetter = DeadLetter & Readonly<{ firstAt: string; life: DeadLetterLife }>;

/** On a record that was sent again though nobody could decode it: the id of its dead letter, and its drive. */
export const DEAD_LETTER_HEADER = 'millrace-letter';
export const DRIVE_HEADER = 'millrace-drive';

/** The dead letter that an undecodable record was sent again for. A header that names another topic's is not ours. */
export function deadLetterSentAgain({
  topic,
  headers,
}: LogRecord): { id: string; drive: number } | undefined {
  const [id, drive] = [headers[DEAD_LETTER_HEADER], Number(headers[DRIVE_HEADER])];
  if (id === undefined || !id.startsWith(`${topic}:`) || !Number.isSafeInteger(drive)) return undefined;
  return { id, drive };
}

/** The attempts of all drives, in order; those that both lists know stand once. */
export function allAttempts(earlier: readonly Attempt[], later: readonly Attempt[]): readonly Attempt[] {
  const known = new Set(later.map(({ startedAt, number }) => `${startedAt} ${number}`));
  return [...earlier.filter(({ startedAt, number }) => !known.has(`${startedAt} ${number}`)), ...later];
}

/** The topic that keeps what could not be worked from `topic`. */
export function deadLetterTopic(topic: string): string {
  return `${topic}.dlq`;
}
