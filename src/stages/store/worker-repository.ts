import { z } from 'zod';

/** How often a process shows itself. */
export const SHOW_EVERY_MS = 5_000;
/** A process that was silent for so long is not listed any more, in seconds of the store's clock. */
export const LISTED_SECONDS = 20;

const count = z.number().int().nonnegative();
const text = z.string().max(10_000);
/** Processes of 0.1.0 name an endpoint by its whole URL, with its log-in and its key. */
const ofEndpoint = text.transform((said) =>
  said.replace(/(:\/\/)[^\s/@]{0,1000}@/g, '$1').replace(/(:\/\/[^\s?]{0,1000})\?[^\s,)]*/g, '$1'),
);

export const workerStateSchema = z
  .object({
    id: text.min(1),
    host: text,
    pid: count,
    version: text,
    /** When the process started, by its own clock. */
    since: text,
    stages: z
      .array(
        z
          .object({
            stage: text,
            partitions: count,
            inHand: count,
            inFlight: count,
            /** How long its works took: see `durations.ts`. */
            durations: z.array(count).max(100).readonly().optional(),
          })
          .readonly(),
      )
      .readonly(),
    /** What it calls: calls at once that it allows itself now, of how many, and the circuit with its cause. */
    endpoints: z
      .array(
        z
          .object({
            endpoint: ofEndpoint,
            circuit: z.enum(['closed', 'open', 'half-open']),
            cause: ofEndpoint.optional(),
            limit: z.number().nonnegative(),
            ceiling: z.number().nonnegative(),
            inFlight: count,
          })
          .readonly(),
      )
      .readonly(),
    alarms: z
      .array(z.object({ kind: text, subject: ofEndpoint, text: ofEndpoint, since: text }).readonly())
      .readonly(),
  })
  .readonly();

/** A process at work, as it shows itself. */
export type WorkerState = z.output<typeof workerStateSchema>;

/** `seenSecondsAgo` is by the store's clock alone. */
export type ListedWorker = Readonly<{ worker: WorkerState; seenSecondsAgo: number }>;

/**
 * Who is at work, for people. An entry expires by itself; nothing is decided by it. Rejects with Failures of kind
 * `outage` or `fatal`.
 */
export interface WorkerRepository {
  /** Shows the process, in place of what it showed before. */
  show(worker: WorkerState): Promise<void>;
  /** Takes the process out: it ends. Safe to repeat. */
  remove(id: string): Promise<void>;
  /** Those that showed themselves in the last `LISTED_SECONDS`, by host and id. */
  list(): Promise<readonly ListedWorker[]>;
}
