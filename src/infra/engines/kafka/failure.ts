import { errorText, Failure } from '../../../streams/failure.ts';
import { causesOf, networkTrouble, textFieldOf } from '../../network-trouble.ts';

/** Protocol errors that one record causes: https://kafka.apache.org/protocol#protocol_error_codes. */
const POISON: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'CORRUPT_MESSAGE',
]);

/** The clock of this machine is further from the broker's than its topics allow: no record is to blame. */
const CLOCK: ReadonlySet<string> = new Set(['INVALID_TIMESTAMP']);
const CLOCK_ADVICE =
  '. The clock of this machine is more than an hour from that of the broker: set it, with NTP. Nothing is published until then, and nothing is lost.';

const LOGIN: ReadonlySet<string> = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'KafkaJSSASLAuthenticationError',
]);
/** A login or a right that is being changed is refused for a moment; one that is refused for longer was taken away. */
const UNAUTHORIZED: ReadonlySet<string> = new Set([
  ...LOGIN,
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
]);
const UNAUTHORIZED_STAYS_MS = 5 * 60_000;
const FATAL: ReadonlySet<string> = new Set([
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_REPLICATION_FACTOR',
  'POLICY_VIOLATION',
  'KafkaJSNotImplemented',
  'KafkaJSUnsupportedMagicByteInMessageSet',
]);

/** What is seen where the one side speaks TLS and the other does not, or a login is expected; and when a broker dies. */
const HANGS_UP: ReadonlySet<string> = new Set([
  'KafkaJSConnectionClosedError',
  'ECONNRESET',
  'EPROTO',
  'ERR_SSL_WRONG_VERSION_NUMBER',
]);

const UNKNOWN_ISSUER: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
const OTHER_NAME: ReadonlySet<string> = new Set(['ERR_TLS_CERT_ALTNAME_INVALID']);

/** Whether the name, the type or the code of an error, or of what caused it, is one of these. */
type Says = (known: ReadonlySet<string>) => boolean;

/** The code of an outage in which brokers ended the connection, or did not speak as expected. */
export const HUNG_UP = 'kafka_hung_up';

/** Whether this process has worked with the brokers before, in the way that failed. */
export type When = 'start' | 'work';

/**
 * Sorts an error of kafkajs by its root cause. Neither its class nor its `retriable` flag is trusted: a broker that is
 * away arrives as `KafkaJSNonRetriableError`. Whatever is not known to be the record's or the settings' fault is an
 * outage: it is waited out, and no record suffers from it. A login, a right or a certificate that is refused is fatal at the
 * start; at work it is an outage, and fatal where a right or a login stays refused.
 */
export function classifyKafka(error: unknown, doing: string, when: When = 'work'): Failure {
  if (error instanceof Failure) return error;
  const all = causesOf(error);
  const known = all.find((each) => each instanceof Failure);
  if (known !== undefined) return known;
  const root = all.at(-1);
  const [types, codes] = [factsOf(all, 'type'), factsOf(all, 'code')];
  const words = [...types, ...codes, ...factsOf(all, 'name')];
  const says: Says = (some) => words.some((word) => some.has(word));
  const type = types.at(-1);
  const text = `${errorText(root)}${type === undefined ? '' : ` (${type})`}`;
  const message = `Kafka: ${doing} failed: ${text}`;
  const facts = { cause: error };
  if (says(CLOCK)) return new Failure('outage', 'clock_apart', message + CLOCK_ADVICE, facts);
  if (says(POISON)) return new Failure('poison', 'record_refused', message, facts);
  const troubles = codes.map(networkTrouble);
  const advised = message + refusalAdvice(says);
  if (says(FATAL) || troubles.includes('misuse'))
    return new Failure('fatal', 'kafka_refused', advised, facts);
  const kind = when === 'start' ? 'fatal' : 'outage';
  if (says(UNAUTHORIZED))
    return new Failure(kind, 'kafka_refused', advised, { ...facts, fatalAfterMs: UNAUTHORIZED_STAYS_MS });
  // A code of its own: how long a login was refused is not counted from when a certificate was.
  if (troubles.includes('certificate')) return new Failure(kind, 'kafka_certificate', advised, facts);
  return new Failure('outage', says(HANGS_UP) ? HUNG_UP : 'kafka_unavailable', message, facts);
}

function factsOf(errors: readonly unknown[], name: string): readonly string[] {
  return errors.flatMap((each) => textFieldOf(each, name) ?? []);
}

/** What a person checks when brokers refuse a login, or show a certificate that is not accepted; else nothing. */
function refusalAdvice(says: Says): string {
  if (says(LOGIN))
    return (
      '. Check kafkaSasl: the mechanism, the username, and the password in the variable that passwordVariable names; ' +
      'for OAuth, kafkaToken'
    );
  if (says(UNKNOWN_ISSUER))
    return '. No authority that is known here signed the certificate of the broker: give the file with the one that did as kafkaCaFile';
  if (says(OTHER_NAME)) return '. Name the brokers (--kafka or MILLRACE_KAFKA) as their certificate does';
  return '';
}
