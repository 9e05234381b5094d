import type { StageResult } from '../delivery/stage.ts';
import type { LogRecord } from './log.ts';

/** The header of a record that says to which trace it belongs. */
export const TRACEPARENT = 'traceparent';

export type TraceContext = Readonly<{ traceId: string; spanId: string; sampled: boolean }>;

const FORM =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.{0,100})?$/;

/**
 * The trace that a record's header names; `undefined` where there is none, or anything else than the header may be.
 * By W3C Trace Context, https://www.w3.org/TR/trace-context/#traceparent-header: a later version may say more at its end.
 */
export function traceContextOf({ headers }: Pick<LogRecord, 'headers'>): TraceContext | undefined {
  const found = FORM.exec(headers[TRACEPARENT] ?? '');
  if (found === null) return undefined;
  const [, version, traceId = '', spanId = '', flags = '', more] = found;
  if (version === '00' && more !== undefined) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function traceparentOf({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/** What follows from a record belongs to its trace, whether anybody traces here or not. Without a trace: as it is. */
export function inTraceOf(record: Pick<LogRecord, 'headers'>, result: StageResult): StageResult {
  if (record.headers[TRACEPARENT] === undefined || result.kind === 'dead-letter') return result;
  const context = traceContextOf(record);
  if (context === undefined) return result;
  const traceparent = traceparentOf(context);
  const records = result.records.map((each) => ({
    ...each,
    headers: { ...each.headers, [TRACEPARENT]: traceparent },
  }));
  return { ...result, records };
}
