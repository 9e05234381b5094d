import type { ScriptInput } from '../../support/llm/scripted-llm-script.ts';
import type { EngineName } from '../engines/engine.ts';
import type { Fault } from '../faults/fault.ts';
import type { Stand } from '../stand.ts';
import type { Row } from '../table.ts';
import type { Trial } from '../trial.ts';

/** A case of the suite, as data. */
export type Scenario = Readonly<{
  name: string;
  /** Where it makes sense. */
  engines: readonly EngineName[];
  /** On three brokers and three members. */
  wide?: boolean;
  questions: number;
  batch?: number;
  /** How many workers, where the engine takes more than one. Default 3. */
  workers?: number;
  script?: ScriptInput;
  env?: Readonly<Record<string, string>>;
  /** No worker is at work before the first fault. */
  startsIdle?: boolean;
  /** Topics are missing, and nothing is asked before the last fault is over. */
  bare?: boolean;
  /** Works to be stored before each fault. Default 12. */
  pace?: number;
  /** What goes wrong, one after the other. */
  faults: (stand: Partial<Stand>) => readonly Fault[];
  /** Beyond what the checker holds against everybody. */
  expects?: (row: Row, trial: Trial) => void | Promise<void>;
}>;

export const BOTH: readonly EngineName[] = ['embedded', 'kafka+mongo'];
export const DISTRIBUTED: readonly EngineName[] = ['kafka+mongo'];

/** Dead workers are noticed soon. */
export const HASTY = { MILLRACE_KAFKA_SESSION_TIMEOUT_MS: '6000', MILLRACE_LEASE_MS: '6000' };
export const HEALTHY: ScriptInput = {
  latencyMs: 60,
  sigma: 0.5,
  reject: { revisions: 1, fraction: 0.2 },
};

export function times<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
