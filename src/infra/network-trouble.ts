/**
 * What a code of Node, its DNS, its TLS or undici says of a connection:
 *
 * - `unreachable`: nobody answered at that address, now.
 * - `broken`: there was a connection, and it ended or brought what nobody understands.
 * - `certificate`: the other side is not who it should be; a person has to change a certificate or a setting.
 * - `misuse`: an address or a request that can never be sent.
 */
export type NetworkTrouble = 'unreachable' | 'broken' | 'certificate' | 'misuse';

/** Of connecting (https://nodejs.org/api/errors.html#common-system-errors) and of DNS (https://nodejs.org/api/dns.html#error-codes). */
const UNREACHABLE: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'ENONET', 'ETIMEDOUT'],
  ...['EADDRNOTAVAIL', 'EACCES', 'EPERM', 'ENOENT', 'ERR_SOCKET_CONNECTION_TIMEOUT'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME', 'EAI_MEMORY', 'EAI_SYSTEM'],
  ...['EAI_ADDRFAMILY', 'EAI_BADFLAGS', 'EAI_FAMILY', 'EAI_SERVICE', 'EAI_SOCKTYPE', 'EAI_CANCELED'],
  ...['ENODATA', 'EFORMERR', 'ESERVFAIL', 'ENOTIMP', 'EREFUSED', 'EBADQUERY', 'EBADNAME', 'EBADFAMILY'],
  ...['EBADRESP', 'ETIMEOUT', 'EOF', 'EFILE', 'EDESTRUCTION', 'EBADSTR', 'EBADFLAGS', 'ENONAME'],
  ...['EBADHINTS', 'ENOTINITIALIZED', 'ELOADIPHLPAPI', 'EADDRGETNETWORKPARAMS', 'ECANCELLED'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_PRX_CONN', 'UND_ERR_SOCKS5'],
]);

const BROKEN: ReadonlySet<string> = new Set([
  ...['EPIPE', 'ECONNRESET', 'ECONNABORTED', 'ENOTCONN', 'ESHUTDOWN', 'ENETRESET', 'EPROTO', 'EIO'],
  ...['EALREADY', 'EISCONN', 'EINPROGRESS', 'EBADF', 'ECANCELED', 'EINVAL', 'EMSGSIZE', 'ENOTSOCK', 'ETIME'],
  // Nothing is left of what every connection needs: it is there again in a while.
  ...['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EAGAIN', 'OUT_OF_MEM'],
  ...['ABORT_ERR', 'ERR_IPC_CHANNEL_CLOSED'],
]);
/** Of streams, sockets, TLS and its library, HTTP and its parser, compression, and undici. */
const BROKEN_KINDS = /^(?:ERR_(?:STREAM|SOCKET|SSL|TLS|OSSL|HTTP|HTTP2|QUIC)_|UND_ERR|HPE_|Z_|ZSTD_)/;

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE: ReadonlySet<string> = new Set([
  ...['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ...['UNABLE_TO_DECRYPT_CERT_SIGNATURE', 'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', 'UNABLE_TO_GET_CRL'],
  ...['UNABLE_TO_DECRYPT_CRL_SIGNATURE', 'CERT_SIGNATURE_FAILURE', 'CRL_SIGNATURE_FAILURE'],
  ...['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED', 'CRL_NOT_YET_VALID', 'CRL_HAS_EXPIRED'],
  ...['ERROR_IN_CERT_NOT_BEFORE_FIELD', 'ERROR_IN_CERT_NOT_AFTER_FIELD'],
  ...['ERROR_IN_CRL_LAST_UPDATE_FIELD', 'ERROR_IN_CRL_NEXT_UPDATE_FIELD'],
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'CERT_CHAIN_TOO_LONG', 'CERT_REVOKED'],
  ...['INVALID_CA', 'PATH_LENGTH_EXCEEDED', 'INVALID_PURPOSE', 'CERT_UNTRUSTED', 'CERT_REJECTED'],
  ...['HOSTNAME_MISMATCH', 'ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_TLS_CERT_ALTNAME_FORMAT'],
]);

const MISUSE: ReadonlySet<string> = new Set([
  ...['ERR_INVALID_URL', 'ERR_INVALID_PROTOCOL', 'ERR_UNESCAPED_CHARACTERS', 'ERR_INVALID_CHAR'],
  ...['ERR_SOCKET_BAD_PORT', 'ERR_INVALID_HTTP_TOKEN', 'ERR_HTTP_INVALID_HEADER_VALUE'],
  ...['ERR_TLS_INVALID_PROTOCOL_VERSION', 'ERR_TLS_PROTOCOL_VERSION_CONFLICT', 'UND_ERR_INVALID_ARG'],
]);

const MAX_ERRORS = 100;

/** `undefined`: the code is not about a connection. */
export function networkTrouble(code: string): NetworkTrouble | undefined {
  if (MISUSE.has(code)) return 'misuse';
  if (CERTIFICATE.has(code)) return 'certificate';
  if (UNREACHABLE.has(code)) return 'unreachable';
  return BROKEN.has(code) || BROKEN_KINDS.test(code) ? 'broken' : undefined;
}

/** The error, what caused it, what caused that, and so on; the errors of an aggregate are causes too, the first one's first. */
export function causesOf(error: unknown): readonly unknown[] {
  const found: unknown[] = [error];
  for (let at = 0; at < found.length && found.length < MAX_ERRORS; at += 1) {
    const next = directCauses(found[at]).filter((cause) => !found.includes(cause));
    found.push(...next);
  }
  return found;
}

/** kafkajs keeps some causes as `originalError`. */
function directCauses(error: unknown): readonly unknown[] {
  if (!(error instanceof Error)) return [];
  const several: unknown = Reflect.get(error, 'errors');
  const one: unknown = error.cause ?? Reflect.get(error, 'originalError');
  return [one, ...(Array.isArray(several) ? several : [])].filter(
    (cause) => cause !== undefined && cause !== null,
  );
}

/** A text that an error has under the name, such as its `code`. */
export function textFieldOf(error: unknown, name: string): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const found: unknown = Reflect.get(error, name);
  return typeof found === 'string' ? found : undefined;
}
