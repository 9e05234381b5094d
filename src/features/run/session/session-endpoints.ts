import { endpointKeyOf, endpointNameOf } from '../../../infra/config/model/endpoint-name.ts';
import { fixedLimitsOf } from '../../../infra/config/model/model-settings.ts';
import type { Settings } from '../../../infra/config/settings.ts';
import { type AgentStage, agentStages } from '../../../stages/stage-names.ts';
import { Failure } from '../../../streams/failure.ts';
import { EndpointGate } from '../../../streams/limits/endpoint-gate.ts';

/** A gate for each endpoint that the agents call, by name: agents at the same one share it. */
export function endpointsOf(settings: Settings, stop: AbortSignal): ReadonlyMap<string, EndpointGate> {
  const endpoints = new Map<string, EndpointGate>();
  for (const stage of agentStages()) {
    const name = endpointNameOf(settings, stage);
    const limits = fixedLimitsOf(settings, stage);
    if (!endpoints.has(name)) endpoints.set(name, new EndpointGate({ name, stop, limits }));
  }
  return endpoints;
}

export function endpointIn(
  endpoints: ReadonlyMap<string, EndpointGate>,
  settings: Settings,
  stage: AgentStage,
): EndpointGate {
  const endpoint = endpoints.get(endpointNameOf(settings, stage));
  if (endpoint === undefined) throw new Failure('fatal', 'unexpected', `No endpoint was made for ${stage}.`);
  return endpoint;
}

/** The gate of whichever agent calls the very same: address, model and key. */
export function sameEndpoint(
  endpoints: ReadonlyMap<string, EndpointGate>,
  settings: Settings,
  key: string,
): EndpointGate | undefined {
  const agent = agentStages().find((stage) => endpointKeyOf(settings, stage) === key);
  return agent === undefined ? undefined : endpointIn(endpoints, settings, agent);
}

/** A server that never answered since the start is more likely misnamed than away: say so instead of waiting. */
export function watchCircuits(
  endpoints: ReadonlyMap<string, EndpointGate>,
  fail: (failure: unknown) => void,
  todo = 'Set --base-url or OPENAI_BASE_URL to its address.',
): void {
  for (const [endpoint, { circuit }] of endpoints)
    circuit.states.subscribe((state) => {
      if (state.kind !== 'open' || circuit.everAnswered || state.cause.code !== 'unreachable') return;
      const advice = `Is the server running? ${todo}`;
      fail(
        new Failure('fatal', 'no_server', `Nothing answers at ${endpoint}. ${advice}`, {
          cause: state.cause,
        }),
      );
    });
}
