import { environmentVariable } from '../config/environment-variable.ts';
import type { Settings } from '../config/settings.ts';
import type { Traces } from './traces.ts';

export type TracesOptions = Readonly<{
  settings: Pick<Settings, 'otlpEndpoint' | 'traceContent' | 'kafka'>;
  /** Hears, once per outage, that the collector does not take the spans. */
  onTrouble?: ((text: string) => void) | undefined;
}>;

/**
 * Traces where a collector is set, by the setting or by the variables of OpenTelemetry; otherwise `undefined`, and nothing
 * of OpenTelemetry is loaded. Nothing is sent before there are spans: a collector that is not there is no failure.
 */
export async function openTraces({ settings, onTrouble }: TracesOptions): Promise<Traces | undefined> {
  const url = tracesUrl(settings);
  if (url === undefined) return undefined;
  const { otlpTraces } = await import('./otlp-traces.ts');
  const system = settings.kafka === undefined ? 'millrace' : 'kafka';
  return otlpTraces({ url, system, content: settings.traceContent, onTrouble });
}

/** By https://opentelemetry.io/docs/specs/otel/protocol/exporter/: the endpoint of traces is taken as it is. */
function tracesUrl({ otlpEndpoint }: TracesOptions['settings']): string | undefined {
  if (environmentVariable('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return undefined;
  if (otlpEndpoint !== undefined) return under(otlpEndpoint);
  const whole = environmentVariable('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  const base = environmentVariable('OTEL_EXPORTER_OTLP_ENDPOINT');
  return whole ?? (base === undefined ? undefined : under(base));
}

function under(base: string): string {
  return `${base.replace(/\/+$/, '')}/v1/traces`;
}
