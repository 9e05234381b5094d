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

const FATAL: ReadonlySet<string> = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_REPLICATION_FACTOR',
  'POLICY_VIOLATION',
]);

const FATAL_NAMES: ReadonlySet<string> = new Set([
  'KafkaJSSASLAuthenticationError',
  'KafkaJSNotImplemented',
  'KafkaJSUnsupportedMagicByteInMessageSet',
]);

/** What is seen where the one side speaks TLS and the other does not, or a login is expected; and when a broker dies. */
const HUNG_UP_NAMES: ReadonlySet<string> = new Set(['KafkaJSConnectionClosedError']);
const HUNG_UP_CODES: ReadonlySet<string> = new Set(['ECONNRESET', 'EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER']);

/** What kafkajs and Node say of an error and of all that caused it. */
type ErrorFacts = Readonly<Record<'names' | 'types' | 'codes', readonly (string | undefined)[]>>;

const LOGIN_NAMES = ['KafkaJSSASLAuthenticationError'];
const LOGIN_TYPES = ['SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM'];
const UNKNOWN_ISSUER = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];
const OTHER_NAME = 'ERR_TLS_CERT_ALTNAME_INVALID';

/** The code of an outage in which brokers ended the connection, or did not speak as expected. */
export const HUNG_UP = 'kafka_hung_up';

/**
 * Sorts an error of kafkajs by its root cause. Neither its class nor its `retriable` flag is trusted: a broker that is
 * away arrives as `KafkaJSNonRetriableError`. Whatever is not known to be the record's or the settings' fault is an
 * outage: it is waited out, and no record suffers from it.
 */
export function classifyKafka(error: unknown, doing: string): Failure {
  if (error instanceof Failure) return error;
  const all = causesOf(error);
  const known = all.find((each) => each instanceof Failure);
  if (known !== undefined) return known;
  const root = all.at(-1);
  const [names, types, codes] = [factsOf(all, 'name'), factsOf(all, 'type'), factsOf(all, 'code')];
  const type = types.findLast((each) => each !== undefined);
  const text = `${errorText(root)}${type === undefined ? '' : ` (${type})`}`;
  const message = `Kafka: ${doing} failed: ${text}`;
  const facts = { cause: error };
  if (anyOf(types, CLOCK)) return new Failure('outage', 'clock_apart', message + CLOCK_ADVICE, facts);
  if (anyOf(types, POISON)) return new Failure('poison', 'record_refused', message, facts);
  if (anyOf(types, FATAL) || anyOf(names, FATAL_NAMES) || codes.some(isOfSettings))
    return new Failure('fatal', 'kafka_refused', message + refusalAdvice({ names, types, codes }), facts);
  const hungUp = anyOf(names, HUNG_UP_NAMES) || anyOf(codes, HUNG_UP_CODES);
  return new Failure('outage', hungUp ? HUNG_UP : 'kafka_unavailable', message, facts);
}

const anyOf = (found: readonly (string | undefined)[], sought: ReadonlySet<string>) =>
  found.some((each) => each !== undefined && sought.has(each));

/** A server whose certificate is not accepted, and an address that is none, stay so. */
function isOfSettings(code: string | undefined): boolean {
  const trouble = code === undefined ? undefined : networkTrouble(code);
  return trouble === 'certificate' || trouble === 'misuse';
}

function factsOf(errors: readonly unknown[], name: string): readonly (string | undefined)[] {
  return errors.map((each) => textFieldOf(each, name));
}

/** What a person checks when brokers refuse a login, or show a certificate that is not accepted; else nothing. */
function refusalAdvice({ names, types, codes }: ErrorFacts): string {
  if (LOGIN_NAMES.some((name) => names.includes(name)) || LOGIN_TYPES.some((type) => types.includes(type)))
    return (
      '. Check kafkaSasl: the mechanism, the username, and the password in the variable that passwordVariable names; ' +
      'for OAuth, kafkaToken'
    );
  if (UNKNOWN_ISSUER.some((code) => codes.includes(code)))
    return '. No authority that is known here signed the certificate of the broker: give the file with the one that did as kafkaCaFile';
  if (codes.includes(OTHER_NAME))
    return '. Name the brokers (--kafka or MILLRACE_KAFKA) as their certificate does';
  return '';
}
