import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { inTime } from '../../streams/in-time.ts';
import { packageFacts } from '../package-facts.ts';
import { reportingExporter } from './reporting-exporter.ts';
import { SpanSource } from './span-source.ts';
import { TraceIds } from './trace-ids.ts';
import { tracedLog } from './traced-log.ts';
import { tellFailedAttempt, tracedModel } from './traced-model.ts';
import type { Traces } from './traces.ts';
import { type MessagingSystem, WorkSpans } from './work-spans.ts';

export type OtlpOptions = Readonly<{
  url: string;
  system: MessagingSystem;
  /** Whether spans carry prompts and answers. */
  content: boolean;
  onTrouble?: ((text: string) => void) | undefined;
}>;

/** A process that is killed loses the spans of so long. */
const EXPORT_EVERY_MS = 1_000;
const LAST_WORDS_MS = 3_000;
/** No longer: an export that is under way keeps the process from ending. */
const EXPORT_TIMEOUT_MS = LAST_WORDS_MS;
/** Spans that wait for the collector; more are dropped. */
const MAX_WAITING = 20_000;

/** Spans of this process, in batches to a collector by OTLP over HTTP. Headers and keys as OpenTelemetry's variables say. */
export function otlpTraces({ url, system, content, onTrouble }: OtlpOptions): Traces {
  const { version } = packageFacts();
  let open = true;
  const tell = (text: string) => (open ? onTrouble?.(text) : undefined);
  const ids = new TraceIds();
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS });
  const provider = new TracerProvider({
    idGenerator: ids,
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'millrace', 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: reportingExporter(exporter, tell),
        maxQueueSize: MAX_WAITING,
        scheduledDelayMillis: EXPORT_EVERY_MS,
      }),
    ],
  });
  const spans = new SpanSource(provider.getTracer('millrace', version), ids);
  return {
    tracer: new WorkSpans(spans, system),
    ofLog: (log) => tracedLog(log, spans, system),
    ofModel: (model) => tracedModel(model, spans, content),
    onEvent: (event) => {
      if (event.kind !== 'attempt-failed' || spans.current === undefined) return;
      tellFailedAttempt(spans.current, { number: event.attempt.number, ...event.failure });
    },
    close: async () => {
      await inTime(provider.shutdown(), LAST_WORDS_MS, () =>
        tell(`The collector did not take the last traces in ${LAST_WORDS_MS / 1_000} s; they may be lost.`),
      ).catch(() => undefined);
      open = false;
    },
  };
}
