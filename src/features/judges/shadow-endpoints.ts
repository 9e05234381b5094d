import { endpointKeyOf, endpointNameOf } from '../../infra/config/model/endpoint-name.ts';
import { fixedLimitsOf } from '../../infra/config/model/model-settings.ts';
import type { Settings } from '../../infra/config/settings.ts';
import { EndpointGate } from '../../streams/limits/endpoint-gate.ts';
import type { StopSignals } from '../../streams/stop.ts';
import { sameEndpoint, watchCircuits } from '../run/session/session-endpoints.ts';

type OfSession = Readonly<{
  settings: Settings;
  endpoints: ReadonlyMap<string, EndpointGate>;
  stop: StopSignals;
}>;

/** What a shadow judge calls through, and their end. */
export type ShadowEndpoints = Readonly<{
  /** @param fail hears of a server that never answered. */
  of(settings: Settings, fail: (failure: unknown) => void): EndpointGate;
  close(): void;
}>;

/**
 * What shadow judges call through: the gate of an agent where that calls the very same (address, model and key), else one
 * that only shadows share. So the trouble of another server, model or key is nobody else's.
 */
export function shadowEndpoints({ endpoints, settings: live, stop }: OfSession): ShadowEndpoints {
  const owned = new Map<string, EndpointGate>();
  return {
    of: (settings, fail) => {
      const key = endpointKeyOf(settings, 'review');
      const shared = sameEndpoint(endpoints, live, key);
      if (shared !== undefined) return shared;
      const name = endpointNameOf(settings, 'review');
      const limits = fixedLimitsOf(settings, 'review');
      const own = owned.get(key) ?? new EndpointGate({ name, stop: stop.draining, limits });
      owned.set(key, own);
      watchCircuits(new Map([[name, own]]), fail);
      return own;
    },
    close: () => {
      for (const endpoint of owned.values()) endpoint.close();
    },
  };
}
