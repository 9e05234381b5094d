import type { ChatModel } from '../../stages/agent/chat-model.ts';
import type { StageEvent } from '../../streams/delivery/stage-events.ts';
import type { StageTracer } from '../../streams/delivery/stage-tracer.ts';
import type { Log } from '../../streams/log/log.ts';

/** What makes spans of the work of this process, and sends them to a collector. */
export type Traces = Readonly<{
  tracer: StageTracer;
  /** The same log, with a span and a `traceparent` for every record that is published. */
  ofLog(log: Log): Log;
  /** The same model, with a span for every call. */
  ofModel(model: ChatModel): ChatModel;
  /** Failed attempts are told in the span of their work. */
  onEvent(event: StageEvent): void;
  /** Sends what is left, for 3 s at most: a collector that is away stops nobody. */
  close(): Promise<void>;
}>;
