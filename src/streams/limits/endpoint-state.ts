import type { CircuitState } from './circuit/circuit.ts';

/** A budget that the server or the settings set, as it stands now. */
export type EndpointBudgetState = Readonly<{
  unit: 'requests' | 'tokens';
  /** Who says so: the server's headers, the settings, or its refusals. */
  source: 'headers' | 'settings' | 'refusals';
  /** The whole of it, per `windowMs`, for all who share it; `undefined` where only a rate is known. */
  limit: number | undefined;
  remaining: number | undefined;
  /** What this process allows itself at present. */
  perMinute: number;
}>;

/** An endpoint as it is used by this process now, for those who watch. */
export type EndpointState = Readonly<{
  endpoint: string;
  circuit: CircuitState;
  /** Calls at once that it is given now, of the most it may be given: the sum of its stages' batch sizes. */
  limit: number;
  ceiling: number;
  inFlight: number;
  stages: readonly Readonly<{ stage: string; inFlight: number; waiting: number; batchSize: number }>[];
  /** How long nothing will be sent, because the server asked for it or refused; 0 if nothing holds it back. */
  pausedMs: number;
  budgets: readonly EndpointBudgetState[];
  /** Calls since the start: answered well or badly, and refused by a rate limit. */
  answered: number;
  refused: number;
  /** The last refusal by a rate limit, while nothing was answered since the first one. */
  refusing?: Readonly<{ message: string; sinceMs: number }> | undefined;
}>;

/** It is given less from now on, or nothing for a while. */
export type Slowed = Readonly<{
  kind: 'slowed';
  cause: 'rate-limit' | 'overload' | 'latency';
  limit: number;
  pausedMs: number;
}>;

/** What happens rarely at an endpoint and is worth a line in a log. */
export type EndpointEvent = Slowed | Readonly<{ kind: 'circuit'; state: CircuitState }>;
