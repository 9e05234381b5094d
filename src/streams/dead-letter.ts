import type { FailureKind } from './failure.ts';
import type { Offset } from './log.ts';
import type { Attempt, WorkKey } from './work.ts';

/**
 * A settled record that could not be worked, with all it takes to understand it and to send it again. Its `id` is the
 * work's id, or `topic:partition:offset` where the record could not even be decoded.
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
  kind: FailureKind;
  code: string;
  message: string;
  attempts: readonly Attempt[];
  at: string;
}>;

/** The topic that keeps what could not be worked from `topic`. */
export function deadLetterTopic(topic: string): string {
  return `${topic}.dlq`;
}
