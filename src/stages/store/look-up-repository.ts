import type { SourceKey } from '../evidence/source-key.ts';

/** What a look-up brought, kept for whoever asks the same: other questions, other lanes, replays. */
export type KeptLookUp = Readonly<{
  /** Names tool, version and arguments. */
  key: string;
  tool: string;
  atMs: number;
  /** Until when it may be used. */
  untilMs: number;
  /** Of what it consists, by the names under which sources are forgotten. */
  sources: readonly string[];
  /** JSON. */
  body: unknown;
}>;

/** Where look-ups are kept. Everything is safe to repeat, and rejects with Failures. */
export interface LookUpRepository {
  /** The body of what may still be used at that time. */
  find(key: string, nowMs: number): Promise<unknown>;
  /** Keeps it, unless one that may still be used stands there. Resolves with the body that stands. */
  keep(lookUp: KeptLookUp): Promise<unknown>;
  /** Takes out what consists of anything that the key names. Resolves with how many. */
  forgetSource(key: SourceKey): Promise<number>;
  /** How many may not be used any more at that time, or were kept before `keptBeforeMs`. */
  countOld(nowMs: number, keptBeforeMs?: number): Promise<number>;
  /** Takes those out. */
  dropOld(nowMs: number, keptBeforeMs?: number): Promise<void>;
}
