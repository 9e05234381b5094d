import { hash, randomBytes } from 'node:crypto';
import type { IdGenerator } from '@opentelemetry/sdk-trace';

/**
 * The trace of a question in a lane, `lane/questionId`: always the same, so that what comes again, is revised or is sent
 * again by another process finds its trace with nothing to remember.
 */
export function traceIdOf(question: string): string {
  return hash('sha256', question).slice(0, 32);
}

/** Random ids, except for traces whose id is known beforehand. */
export class TraceIds implements IdGenerator {
  #next: string | undefined;

  /** Makes a root span by `start` in the trace of that id. */
  within<T>(traceId: string, start: () => T): T {
    this.#next = traceId;
    try {
      return start();
    } finally {
      this.#next = undefined;
    }
  }

  generateTraceId(): string {
    return this.#next ?? randomBytes(16).toString('hex');
  }

  generateSpanId(): string {
    return randomBytes(8).toString('hex');
  }
}
