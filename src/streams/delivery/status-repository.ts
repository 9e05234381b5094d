import type { WorkKey } from '../work/work.ts';
import type { DeadLetter } from './dead-letter.ts';
import type { Status } from './question-status.ts';

/** Why a question waits for a person, and what the person has to see: JSON text that is handed through. */
export type Waiting = Readonly<{ why: string; shown: string }>;

/** A question comes to stand where its work says, unless it already stands further; with `waiting`, in the queue of people. */
export type StatusMove = Readonly<{ work: WorkKey; status: Status; waiting?: Waiting | undefined }>;

/**
 * Where each question stands, and what died. Writes are safe to repeat and resolve once durable; they reject with
 * Failures of kind `outage` (the caller waits and repeats) or `fatal`.
 */
export interface StatusRepository {
  /** Forward only, ranked by drive, revision and status. */
  move(move: StatusMove): Promise<void>;
  /** Opens the letter, or opens it again with the attempts of all drives. A death of an earlier drive changes nothing. */
  putDeadLetter(deadLetter: DeadLetter): Promise<void>;
  /** Its record was worked after all. Nothing happens where there is no such letter. */
  closeDeadLetter(id: string): Promise<void>;
}
