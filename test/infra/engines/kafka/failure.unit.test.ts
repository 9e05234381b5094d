import { describe, expect, it } from 'vitest';
import { classifyKafka } from '../../../../src/infra/engines/kafka/failure.ts';
import { Failure } from '../../../../src/streams/failure.ts';

/** As kafkajs makes its errors: the name of a class, and facts beside the text. */
const made = (name: string, facts: object) => Object.assign(new Error(name), { name, ...facts });
const protocol = (type: string) => made('KafkaJSProtocolError', { type });
const kindOf = (error: unknown) => classifyKafka(error, 'publishing').kind;

describe('an error of kafkajs', () => {
  it('is an outage when the broker is away, whatever class it comes in', () => {
    const away = made('KafkaJSConnectionError', {
      message: 'Connection error: ECONNREFUSED',
      code: 'ECONNREFUSED',
    });
    const wrapped = made('KafkaJSNonRetriableError', { retriable: false, cause: away });
    const retried = made('KafkaJSNumberOfRetriesExceeded', { originalError: away });
    expect([away, wrapped, retried].map(kindOf)).toEqual(['outage', 'outage', 'outage']);
    expect(classifyKafka(wrapped, 'publishing').message).toContain('ECONNREFUSED');
  });

  it('is poison when one record is to blame, however deep that is said', () => {
    const inner = protocol('MESSAGE_TOO_LARGE');
    const outer = made('KafkaJSNonRetriableError', { cause: new Error('sending', { cause: inner }) });
    expect(kindOf(outer)).toBe('poison');
    expect(classifyKafka(outer, 'publishing').message).toContain('(MESSAGE_TOO_LARGE)');
  });

  it('is fatal when the settings are to blame', () => {
    const aggregate = made('KafkaJSAggregateError', { errors: [protocol('INVALID_REPLICATION_FACTOR')] });
    const address = made('KafkaJSConnectionError', { code: 'ERR_SOCKET_BAD_PORT' });
    expect([aggregate, address].map(kindOf)).toEqual(['fatal', 'fatal']);
  });

  it.each([
    ['a right', protocol('TOPIC_AUTHORIZATION_FAILED'), 'kafka_refused', 300_000],
    ['a login', made('KafkaJSSASLAuthenticationError', {}), 'kafka_refused', 300_000],
    [
      'a certificate',
      made('KafkaJSConnectionError', { code: 'CERT_HAS_EXPIRED' }),
      'kafka_certificate',
      undefined,
    ],
  ])(
    'about %s is fatal at the start, and waited out at work, as one of MongoDB is',
    (_, error, code, fatalAfterMs) => {
      expect(classifyKafka(error, 'publishing', 'start')).toMatchObject({ kind: 'fatal', code });
      const failure = classifyKafka(error, 'publishing', 'work');
      expect(failure).toMatchObject({ kind: 'outage', code });
      expect(failure.facts.fatalAfterMs).toBe(fatalAfterMs);
    },
  );

  it('is an outage when nothing is known of it, so that no record suffers', () => {
    const unknown = [protocol('SOMETHING_NEW'), new TypeError('x'), 'text', undefined];
    expect(unknown.map(kindOf)).toEqual(['outage', 'outage', 'outage', 'outage']);
  });

  it('is left as it is when it is a Failure already', () => {
    const failure = new Failure('content', 'code', 'text');
    expect(classifyKafka(failure, 'publishing')).toBe(failure);
  });

  it('is the Failure that caused it', () => {
    const failure = new Failure('fatal', 'kafka_refused', 'The token is refused.');
    const outer = made('KafkaJSNumberOfRetriesExceeded', { cause: new Error('sending', { cause: failure }) });
    expect(classifyKafka(outer, 'publishing')).toBe(failure);
  });

  it.each([
    ['Check kafkaSasl', made('KafkaJSSASLAuthenticationError', {})],
    ['kafkaCaFile', made('KafkaJSConnectionError', { code: 'SELF_SIGNED_CERT_IN_CHAIN' })],
    ['as their certificate does', made('KafkaJSConnectionError', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })],
  ])('says what to check: %s', (advice, error) => {
    expect(classifyKafka(error, 'publishing').message).toContain(advice);
  });

  it('is told apart when the broker closed the connection', () => {
    const reset = made('KafkaJSConnectionError', { code: 'ECONNRESET' });
    const errors = [made('KafkaJSConnectionClosedError', {}), reset, protocol('NOT_LEADER_FOR_PARTITION')];
    const codes = errors.map((error) => classifyKafka(error, 'publishing').code);
    expect(codes).toEqual(['kafka_hung_up', 'kafka_hung_up', 'kafka_unavailable']);
  });

  it('may go round in circles', () => {
    const error = new Error('round');
    error.cause = error;
    expect(kindOf(error)).toBe('outage');
  });
});
