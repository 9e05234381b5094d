import type { QuestionEntry } from '../../../infra/input/input-entry.ts';
import { MAX_ENTRY_BYTES } from '../../../stages/limits.ts';
import type { NamedFields } from '../../../stages/question-parts/named-fields.ts';

/** Where a server puts the questions that it is sent. */
export type QuestionIntake = Readonly<{
  /** Names one request, as a run is named. */
  newRun(): string;
  /** Resolves once the log has acknowledged them all; rejects with a Failure. `position`: of the first in the request. */
  publish(
    asked: readonly QuestionEntry[],
    asking: Readonly<{ run: string; position: number }>,
  ): Promise<void>;
  /** The names of an asker's own values that prompts use: with them questions are told apart. */
  fields(): Promise<NamedFields>;
  /** Throws while so much waits to be worked that no more should come. */
  checkBacklog(): Promise<void>;
}>;

export type IntakeLimits = Readonly<{
  /** One line of NDJSON, or one question of a body of JSON. */
  entryBytes: number;
  /** A body of JSON, which is held as a whole. */
  jsonBytes: number;
  /** A body of NDJSON, which is not. */
  ndjsonBytes: number;
  /** In one request, bad ones included. */
  entries: number;
  /** Held by all requests at the same time. */
  heldBytes: number;
  requests: number;
  idleBodyMs: number;
}>;

export const INTAKE_LIMITS: IntakeLimits = {
  entryBytes: MAX_ENTRY_BYTES,
  jsonBytes: 8 * 1_024 * 1_024,
  ndjsonBytes: 1_024 * 1_024 * 1_024,
  entries: 100_000,
  heldBytes: 128 * 1_024 * 1_024,
  requests: 100,
  idleBodyMs: 30_000,
};
