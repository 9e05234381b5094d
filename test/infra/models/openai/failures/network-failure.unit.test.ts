import { describe, expect, it } from 'vitest';
import { networkFailure } from '../../../../../src/infra/models/openai/failures/network-failure.ts';

const context = {
  address: 'http://localhost:1/v1',
  hasKey: true,
  secrets: ['sk-secret-0123'],
  apiKeyVariable: 'OPENAI_API_KEY',
  model: 'm',
  timeoutMs: 1_000,
} as const;

function coded(code: string): Error {
  return Object.assign(new Error('with sk-secret-0123 inside'), { code });
}

describe('a request that no answer came to', () => {
  it.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'UND_ERR_CONNECT_TIMEOUT',
  ])('%s is an unreachable server, named by its address', (code) => {
    const failure = networkFailure(new Error('Connection error.', { cause: coded(code) }), context);
    expect(failure).toMatchObject({ kind: 'transient', code: 'unreachable', facts: { outageSignal: true } });
    expect(failure.message).toContain(`http://localhost:1/v1 (${code})`);
  });

  it('several addresses tried in vain are one unreachable server', () => {
    const error = new AggregateError([coded('ECONNREFUSED'), coded('EHOSTUNREACH')]);
    expect(networkFailure(error, context).code).toBe('unreachable');
  });

  it.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'HPE_INVALID_HEADER_TOKEN'])(
    '%s is a lost connection',
    (code) => {
      const failure = networkFailure(new Error('outer', { cause: coded(code) }), context);
      expect(failure).toMatchObject({
        kind: 'transient',
        code: 'connection_lost',
        facts: { outageSignal: true },
      });
    },
  );

  it.each(['HPE_INVALID_CONSTANT', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'])(
    '%s tells of http:// where https:// was meant, or the other way round',
    (code) => {
      const failure = networkFailure(coded(code), context);
      expect(failure).toMatchObject({ kind: 'fatal', code: 'wrong_scheme', facts: { scope: 'unclear' } });
      expect(failure.message).toContain('Try it with https:// in the base URL');
    },
  );

  it('a certificate that nobody vouches for is fatal, as no retry mends it', () => {
    const failure = networkFailure(coded('SELF_SIGNED_CERT_IN_CHAIN'), context);
    expect(failure).toMatchObject({ kind: 'fatal', code: 'bad_certificate' });
  });

  it('a reply beyond the limit is a failure of this one call', () => {
    const failure = networkFailure(coded('UND_ERR_RES_EXCEEDED_MAX_SIZE'), context);
    expect(failure).toMatchObject({ kind: 'transient', code: 'reply_too_large' });
  });

  it('neither the error nor its text is carried along', () => {
    const failure = networkFailure(coded('ECONNRESET'), context);
    expect(failure.cause).toBeUndefined();
    expect(failure.message).not.toContain('sk-secret');
  });

  it('causes that go round in a circle come to an end', () => {
    const error = new Error('round');
    error.cause = error;
    expect(networkFailure(error, context).code).toBe('connection_lost');
  });
});
