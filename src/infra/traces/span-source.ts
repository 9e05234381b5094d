import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { asFailure } from '../../streams/failure.ts';
import { type TraceContext, traceparentOf } from '../../streams/log/trace-context.ts';
import { ATTRIBUTE } from './span-names.ts';
import type { TraceIds } from './trace-ids.ts';

export type SpanStart = Readonly<{ name: string; kind: SpanKind; attributes: Attributes }>;

/** Starts spans where they belong: below the work that is being done, or at the head of a question's trace. */
export class SpanSource {
  readonly #tracer: Tracer;
  readonly #ids: TraceIds;
  readonly #current = new AsyncLocalStorage<Span>();

  constructor(tracer: Tracer, ids: TraceIds) {
    this.#tracer = tracer;
    this.#ids = ids;
  }

  /** The span of the work that is being done here. */
  get current(): Span | undefined {
    return this.#current.getStore();
  }

  /** Below the work that is being done. */
  below(parent: Span, { name, ...options }: SpanStart): Span {
    return this.#tracer.startSpan(name, options, trace.setSpan(ROOT_CONTEXT, parent));
  }

  /** Below a span of another process. */
  after({ traceId, spanId, sampled }: TraceContext, { name, ...options }: SpanStart): Span {
    const context = { traceId, spanId, traceFlags: sampled ? 1 : 0, isRemote: true };
    const parent: Context = trace.setSpanContext(ROOT_CONTEXT, context);
    return this.#tracer.startSpan(name, options, parent);
  }

  first(traceId: string, { name, ...options }: SpanStart): Span {
    return this.#ids.within(traceId, () => this.#tracer.startSpan(name, options, ROOT_CONTEXT));
  }

  run<T>(span: Span, act: () => Promise<T>): Promise<T> {
    return this.#current.run(span, act);
  }
}

export function endWithFailure(span: Span, error: unknown): void {
  const { code, kind } = asFailure(error);
  span.setAttributes({ [ATTRIBUTE.errorType]: code, [ATTRIBUTE.failureKind]: kind });
  span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  span.end();
}

/** The header that makes what follows a child of the span. */
export function traceparentFrom(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return traceparentOf({ traceId, spanId, sampled: (traceFlags & 1) === 1 });
}
