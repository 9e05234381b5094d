import type { StageName } from '../stage-names.ts';

/** A stage that a person paused, and since when (ISO 8601). */
export type Pause = Readonly<{ stage: string; since: string }>;

/**
 * Which stages take no records, by order of a person. It holds for every process and survives restarts. Writes are safe to
 * repeat and resolve once durable; rejections are Failures of kind `outage` or `fatal`.
 */
export interface PauseRepository {
  /** A stage that is paused already stays paused since then. */
  pause(stage: StageName): Promise<void>;
  resume(stage: StageName): Promise<void>;
  /** In the order of their names. */
  list(): Promise<readonly Pause[]>;
}
