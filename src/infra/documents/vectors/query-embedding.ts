import type { Budget } from '../../../streams/budget/budget.ts';
import type { EndpointGate } from '../../../streams/limits/endpoint-gate.ts';

/** Who makes vectors of what is searched for, as a session sees it. */
export type QueryEmbedding = Readonly<{
  /** Of the server that the settings name. */
  gate: EndpointGate;
  /** From now on what is spent counts there, and every wait ends with the signal. */
  within(budget: Budget, stop: AbortSignal): void;
  close(): Promise<void>;
}>;
