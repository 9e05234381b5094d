import type { AlarmSink } from '../../../streams/alarms.ts';
import type { EndpointGate } from '../../../streams/limits/endpoint-gate.ts';

/** Shows each endpoint that does not answer, until it does. */
export function watchEndpoints(endpoints: Iterable<EndpointGate>, alarms: AlarmSink): void {
  for (const { name, circuit } of endpoints)
    circuit.states.subscribe((state) => {
      if (state.kind === 'closed') alarms.clear('circuit_open', name);
      if (state.kind === 'open') alarms.raise('circuit_open', name, textOf(name, state.cause.message));
    });
}

function textOf(name: string, cause: string): string {
  return `${cause} Calls to ${name} wait until it answers, and no attempt is counted; nothing is lost.`;
}
