import { NO_TOKENS } from '../../../src/streams/budget/token-estimate.ts';
import type { CallRequest } from '../../../src/streams/limits/call-gate.ts';
import { EndpointGate, type EndpointOptions } from '../../../src/streams/limits/endpoint-gate.ts';

/** An endpoint that one stage calls, so many calls at once. */
export function testEndpoint(size: number, stop: AbortSignal, options: Partial<EndpointOptions> = {}) {
  const endpoint = new EndpointGate({ name: 'http://model.test', stop, ...options });
  return { endpoint, circuit: endpoint.circuit, gate: endpoint.stage('research', size) };
}

/** A call that nothing is known of. */
export const aCall: CallRequest = { tokens: NO_TOKENS, again: false };
