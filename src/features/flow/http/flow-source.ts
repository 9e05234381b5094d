import type { Observable } from 'rxjs';
import type { Flow, FlowHistory } from './schemas.ts';

/** Where the routes have their picture of the stream from. */
export type FlowSource = Readonly<{
  /** The stream as it stands. Rejects with a Failure while the store is away. */
  now(): Promise<Flow>;
  /** The newest snapshot, and each that differs from the one before, at most one a second. Never fails. */
  changes: Observable<Flow>;
  history(minutes: number): FlowHistory;
}>;
