import { Failure } from '../../streams/failure.ts';
import type { CallContext } from './call-context.ts';
import { MAX_REPLY_BYTES } from './undici-fetch.ts';

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const CERTIFICATE = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/;
const MAX_DEPTH = 8;

/** A request that no answer came to, sorted by the code of the error underneath. */
export function networkFailure(error: unknown, { address }: CallContext): Failure {
  const code = codeOf(error);
  if (UNREACHABLE.has(code)) {
    const message = `Nothing answers at ${address} (${code}). Is the server running, and is the base URL right?`;
    return new Failure('transient', 'unreachable', message, { outageSignal: true });
  }
  if (CERTIFICATE.test(code)) {
    const message = `The certificate of the server at ${address} cannot be trusted (${code}). Check the base URL, or add its authority with NODE_EXTRA_CA_CERTS.`;
    return new Failure('fatal', 'bad_certificate', message);
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    const message = `The server at ${address} sent a reply of more than ${MAX_REPLY_BYTES} bytes.`;
    return new Failure('transient', 'reply_too_large', message);
  }
  const message = `The connection to ${address} broke before the answer was complete (${code}).`;
  return new Failure('transient', 'connection_lost', message, { outageSignal: true });
}

/** The first error code on the way down the causes; of several addresses tried, the first one's. */
function codeOf(error: unknown): string {
  let at: unknown = error;
  for (let depth = 0; depth < MAX_DEPTH && at instanceof Error; depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return error instanceof Error ? error.name : 'unknown';
}
