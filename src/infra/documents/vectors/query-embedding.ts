import type { Budget } from '../../../streams/budget/budget.ts';
import type { EndpointGate } from '../../../streams/limits/endpoint-gate.ts';
import type { StopSignals } from '../../../streams/stop.ts';
import type { UnsavedWrites } from '../../../streams/work/unsaved-writes.ts';

/** What vectors of queries are made within. */
export type AskedWithin = Readonly<{ budget: Budget; unsaved: UnsavedWrites; stop: StopSignals }>;

/** Who makes vectors of what is searched for, as a session sees it. */
export type QueryEmbedding = Readonly<{
  /** Of the server that the settings name. */
  gate: EndpointGate;
  /** From now on what is spent counts there, what came stands in the journal until it is kept, and every wait ends with a drain. */
  within(session: AskedWithin): void;
  close(): Promise<void>;
}>;
