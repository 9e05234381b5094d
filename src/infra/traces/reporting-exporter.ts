import type { SpanExporter } from '@opentelemetry/sdk-trace';

/** The exporter, telling once per outage that the collector does not take the spans. They are lost, and nothing else is. */
export function reportingExporter(
  exporter: SpanExporter,
  tell: (text: string) => void = () => undefined,
): SpanExporter {
  let away = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.code !== 0;
        if (failed && !away)
          tell(`The collector does not take the traces (${reasonOf(result.error)}); work goes on.`);
        away = failed;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}

/** Names and codes only: a message may repeat what was sent. */
function reasonOf(error: Error | undefined): string {
  if (error === undefined) return 'no reason given';
  return 'code' in error ? `${error.name} ${String(error.code)}` : error.name;
}
