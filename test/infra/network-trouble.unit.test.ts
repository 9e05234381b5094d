import dns from 'node:dns';
import fc from 'fast-check';
import { MongoBulkWriteError, MongoNetworkError } from 'mongodb';
import { errors as undiciErrors } from 'undici';
import { describe, expect, it } from 'vitest';
import { classifyKafka } from '../../src/infra/engines/kafka/failure.ts';
import { classifyMongo } from '../../src/infra/engines/mongo/failure.ts';
import { classify } from '../../src/infra/models/openai/failures/classify.ts';
import { networkTrouble } from '../../src/infra/network-trouble.ts';
import type { FailureKind } from '../../src/streams/failure.ts';

/** https://nodejs.org/api/errors.html: of streams, sockets, TLS and HTTP. */
const OF_NODE = [
  ...['EPIPE', 'ECONNRESET', 'ECONNABORTED', 'ECONNREFUSED', 'ETIMEDOUT', 'ENOTCONN', 'ESHUTDOWN', 'EPROTO'],
  ...[
    'ENETDOWN',
    'ENETUNREACH',
    'ENETRESET',
    'EHOSTUNREACH',
    'EHOSTDOWN',
    'EADDRNOTAVAIL',
    'EMFILE',
    'ENFILE',
  ],
  ...['ENOBUFS', 'ENOMEM', 'EAGAIN', 'EIO', 'EBADF', 'ECANCELED', 'EINVAL', 'ENOENT', 'EACCES', 'EPERM'],
  ...['ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END', 'ERR_STREAM_PREMATURE_CLOSE'],
  ...['ERR_STREAM_ALREADY_FINISHED', 'ERR_STREAM_UNABLE_TO_PIPE', 'ERR_STREAM_PUSH_AFTER_EOF'],
  ...['ERR_STREAM_NULL_VALUES', 'ERR_STREAM_CANNOT_PIPE', 'ERR_STREAM_UNSHIFT_AFTER_END_EVENT'],
  ...['ERR_SOCKET_CLOSED', 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION', 'ERR_SOCKET_CONNECTION_TIMEOUT'],
  ...[
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR',
    'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  ],
  ...['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'ERR_SSL_UNEXPECTED_EOF_WHILE_READING'],
  ...['ERR_TLS_HANDSHAKE_TIMEOUT', 'ERR_TLS_SESSION_ATTACK', 'ERR_TLS_RENEGOTIATION_DISABLED', 'OUT_OF_MEM'],
  ...[
    'ERR_HTTP_SOCKET_ASSIGNED',
    'ERR_HTTP2_GOAWAY_SESSION',
    'ERR_HTTP2_STREAM_ERROR',
    'ERR_HTTP_REQUEST_TIMEOUT',
  ],
  ...['HPE_INVALID_CONSTANT', 'HPE_CLOSED_CONNECTION', 'HPE_HEADER_OVERFLOW', 'Z_BUF_ERROR', 'Z_DATA_ERROR'],
  ...[
    'EAI_AGAIN',
    'EAI_FAIL',
    'EAI_NODATA',
    'EAI_NONAME',
    'EAI_SYSTEM',
    'EAI_MEMORY',
    'EAI_SERVICE',
    'ABORT_ERR',
  ],
];
const OF_DNS = Object.entries(dns).flatMap(([name, value]) =>
  typeof value === 'string' && name === name.toUpperCase() ? [value] : [],
);
const OF_UNDICI = Object.values(undiciErrors).flatMap((made) => {
  // What it says is no matter: the two that answer a request take facts of it.
  const error: unknown = Reflect.construct(made, ['made', 500, { headers: {} }]);
  const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^UND_ERR(?!_INVALID_ARG)/.test(code) ? [code] : [];
});
const PASSING = [...new Set([...OF_NODE, ...OF_DNS, ...OF_UNDICI])];

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const OF_CERTIFICATES = [
  ...[
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_CRL',
    'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
    'CERT_HAS_EXPIRED',
  ],
  ...[
    'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
    'CERT_SIGNATURE_FAILURE',
    'CERT_NOT_YET_VALID',
    'CRL_HAS_EXPIRED',
  ],
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  ...[
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'CERT_CHAIN_TOO_LONG',
    'CERT_REVOKED',
    'INVALID_CA',
    'HOSTNAME_MISMATCH',
  ],
  ...[
    'PATH_LENGTH_EXCEEDED',
    'INVALID_PURPOSE',
    'CERT_UNTRUSTED',
    'CERT_REJECTED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ],
];

const CONTEXT = {
  ...{
    address: 'http://localhost:1/v1',
    hasKey: false,
    secrets: [],
    apiKeyVariable: 'OPENAI_API_KEY',
    model: 'm',
  },
  timeoutMs: 1_000,
} as const;

const coded = (code: string, facts: object = {}) => Object.assign(new Error('no'), { code, ...facts });

/** The shapes in which Node and the clients hand on one and the same error. */
const SHAPES: readonly ((code: string) => Error)[] = [
  (code) => coded(code),
  (code) => coded(code, { syscall: 'write' }),
  (code) => new Error('outer', { cause: coded(code) }),
  (code) => new AggregateError([coded(code), coded(code)]),
  (code) => new TypeError('fetch failed', { cause: new AggregateError([coded(code)]) }),
];
const OF_MONGO: readonly ((code: string) => Error)[] = [
  ...SHAPES,
  (code) => new MongoNetworkError('no', { cause: coded(code) }),
  (code) =>
    Object.assign(new MongoBulkWriteError({ message: 'no', code: 0, writeErrors: [] }, Object.create(null)), {
      errorResponse: coded(code),
    }),
];
const OF_KAFKA: readonly ((code: string) => Error)[] = [
  ...SHAPES,
  (code) =>
    Object.assign(new Error('retried'), { name: 'KafkaJSNonRetriableError', originalError: coded(code) }),
];

const each = (
  codes: readonly string[],
  shapes: readonly ((code: string) => Error)[],
  kindOf: (error: Error) => FailureKind,
  kind: FailureKind,
) =>
  fc.assert(
    fc.property(fc.constantFrom(...codes), fc.constantFrom(...shapes), (code, shape) => {
      expect(kindOf(shape(code)), code).toBe(kind);
    }),
    { numRuns: 2 * codes.length * shapes.length },
  );

describe('whatever a broken connection brings, in whatever shape,', () => {
  it('is known by its code', () => {
    const unknown = PASSING.filter((code) => !['unreachable', 'broken'].includes(networkTrouble(code) ?? ''));
    expect(unknown).toEqual([]);
  });

  it('is an outage of MongoDB, at the start too', () => {
    each(PASSING, OF_MONGO, (error) => classifyMongo(error, 'reading').kind, 'outage');
    each(PASSING, OF_MONGO, (error) => classifyMongo(error, 'connecting', 'start').kind, 'outage');
  });

  it('is an outage of Kafka, at the start too', () => {
    each(PASSING, OF_KAFKA, (error) => classifyKafka(error, 'publishing').kind, 'outage');
    each(PASSING, OF_KAFKA, (error) => classifyKafka(error, 'joining', 'start').kind, 'outage');
  });

  it('may pass where a model server is asked, but for what TLS at a plain port brings', () => {
    const wrongScheme = (code: string) =>
      /^HPE_INVALID_(?:CONSTANT|VERSION)$|^ERR_SSL_(?:WRONG|PACKET|HTTP|RECORD)/.test(code);
    const passing = PASSING.filter((code) => !wrongScheme(code));
    each(passing, SHAPES, (error) => classify(error, CONTEXT).kind, 'transient');
    const unclear = PASSING.filter(wrongScheme).map((code) => classify(coded(code), CONTEXT));
    expect(unclear.length).toBeGreaterThan(0);
    for (const { code, facts } of unclear) expect([code, facts.scope]).toEqual(['wrong_scheme', 'unclear']);
  });
});

describe('a certificate that is not accepted', () => {
  it('is what a person has to change, before work begins', () => {
    each(OF_CERTIFICATES, OF_MONGO, (error) => classifyMongo(error, 'connecting', 'start').kind, 'fatal');
    each(OF_CERTIFICATES, OF_KAFKA, (error) => classifyKafka(error, 'joining', 'start').kind, 'fatal');
    each(OF_CERTIFICATES, SHAPES, (error) => classify(error, CONTEXT).kind, 'fatal');
  });

  it('is waited out by those who are at work on MongoDB and Kafka', () => {
    each(OF_CERTIFICATES, OF_MONGO, (error) => classifyMongo(error, 'reading').kind, 'outage');
    each(OF_CERTIFICATES, OF_KAFKA, (error) => classifyKafka(error, 'publishing').kind, 'outage');
  });
});

describe('an address that is none', () => {
  it.each(['ERR_INVALID_URL', 'ERR_SOCKET_BAD_PORT', 'ERR_INVALID_CHAR'])('is misuse: %s', (code) => {
    const failures = [
      classifyMongo(coded(code), 'connecting', 'start'),
      classifyKafka(coded(code), 'joining'),
      classify(coded(code), CONTEXT),
    ];
    expect(failures.map(({ kind }) => kind)).toEqual(['fatal', 'fatal', 'fatal']);
  });
});
