import { Failure } from '../../../../streams/failure.ts';
import { causesOf, networkTrouble, textFieldOf } from '../../../network-trouble.ts';
import { MAX_REPLY_BYTES } from '../transport/unpack.ts';
import type { CallContext } from './call-context.ts';

/** TLS where HTTP was asked, or the other way round: what Node's parser and OpenSSL make of the first bytes. */
const WRONG_SCHEME: ReadonlySet<string> = new Set([
  ...['HPE_INVALID_CONSTANT', 'HPE_INVALID_VERSION', 'ERR_SSL_WRONG_VERSION_NUMBER'],
  ...['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_HTTP_REQUEST', 'ERR_SSL_RECORD_LAYER_FAILURE'],
]);

/** A request that no answer came to, sorted by the code of the error underneath. */
export function networkFailure(error: unknown, { address }: Pick<CallContext, 'address'>): Failure {
  const code = codeOf(error);
  const trouble = networkTrouble(code);
  if (trouble === 'unreachable') {
    const message = `Nothing answers at ${address} (${code}). Is the server running, and is the base URL right?`;
    return new Failure('transient', 'unreachable', message, { outageSignal: true });
  }
  if (WRONG_SCHEME.has(code)) {
    const other = address.startsWith('https:') ? 'http:' : 'https:';
    const message = `The server at ${address} speaks something else than that address says (${code}). Try it with ${other}// in the base URL.`;
    return new Failure('fatal', 'wrong_scheme', message, { scope: 'unclear', outageSignal: true });
  }
  if (trouble === 'certificate') {
    const message = `The certificate of the server at ${address} cannot be trusted (${code}). Check the base URL, or add its authority with NODE_EXTRA_CA_CERTS.`;
    return new Failure('fatal', 'bad_certificate', message);
  }
  if (trouble === 'misuse') {
    const message = `No request can be sent to ${address} (${code}). Check the base URL, and the key for characters that no header takes.`;
    return new Failure('fatal', 'bad_setting', message);
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE' || code === 'ERR_BUFFER_TOO_LARGE') {
    const message = `The server at ${address} sent a reply of more than ${MAX_REPLY_BYTES} bytes.`;
    return new Failure('transient', 'reply_too_large', message);
  }
  const what =
    trouble === 'broken' ? 'broke before the answer was complete' : 'failed in a way that is not known';
  const message = `The connection to ${address} ${what} (${code}).`;
  return new Failure('transient', 'connection_lost', message, { outageSignal: true });
}

/** The first error code on the way down the causes; of several addresses tried, the first one's. */
function codeOf(error: unknown): string {
  const codes = causesOf(error).map((each) => textFieldOf(each, 'code'));
  const fallback = error instanceof Error ? error.name : 'unknown';
  return codes.find((code) => code !== undefined && code !== '') ?? fallback;
}
