import { Failure } from '../../streams/failure.ts';
import { refusalAdvice } from './refusal-advice.ts';

/** Protocol errors that one record causes: https://kafka.apache.org/protocol#protocol_error_codes. */
const POISON: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'CORRUPT_MESSAGE',
  'INVALID_TIMESTAMP',
]);

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

/** A server whose certificate is not accepted stays so. */
const FATAL_CODES: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** What is seen where the one side speaks TLS and the other does not, or a login is expected; and when a broker dies. */
const HUNG_UP_NAMES: ReadonlySet<string> = new Set(['KafkaJSConnectionClosedError']);
const HUNG_UP_CODES: ReadonlySet<string> = new Set(['ECONNRESET', 'EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER']);

/** The code of an outage in which brokers ended the connection, or did not speak as expected. */
export const HUNG_UP = 'kafka_hung_up';

const MAX_CAUSES = 100;

/**
 * Sorts an error of kafkajs by its root cause. Neither its class nor its `retriable` flag is trusted: a broker that is
 * away arrives as `KafkaJSNonRetriableError`. Whatever is not known to be the record's or the settings' fault is an
 * outage: it is waited out, and no record suffers from it.
 */
export function classifyKafka(error: unknown, doing: string): Failure {
  if (error instanceof Failure) return error;
  const all = causes(error);
  const known = all.find((each) => each instanceof Failure);
  if (known !== undefined) return known;
  const root = all.at(-1);
  const [names, types, codes] = [factsOf(all, 'name'), factsOf(all, 'type'), factsOf(all, 'code')];
  const type = types.findLast((each) => each !== undefined);
  const text = `${root instanceof Error ? root.message : String(root)}${type === undefined ? '' : ` (${type})`}`;
  const message = `Kafka: ${doing} failed: ${text}`;
  const facts = { cause: error };
  if (anyOf(types, POISON)) return new Failure('poison', 'record_refused', message, facts);
  if (anyOf(types, FATAL) || anyOf(names, FATAL_NAMES) || anyOf(codes, FATAL_CODES))
    return new Failure('fatal', 'kafka_refused', message + refusalAdvice({ names, types, codes }), facts);
  const hungUp = anyOf(names, HUNG_UP_NAMES) || anyOf(codes, HUNG_UP_CODES);
  return new Failure('outage', hungUp ? HUNG_UP : 'kafka_unavailable', message, facts);
}

const anyOf = (found: readonly (string | undefined)[], sought: ReadonlySet<string>) =>
  found.some((each) => each !== undefined && sought.has(each));

/** The error, what caused it, what caused that, and so on; the errors of an aggregate are causes too. */
function causes(error: unknown): readonly unknown[] {
  const found: unknown[] = [error];
  for (let at = 0; at < found.length && found.length < MAX_CAUSES; at += 1) {
    const each = found[at];
    if (!(each instanceof Error)) continue;
    const several: unknown = Reflect.get(each, 'errors');
    const next = [
      each.cause ?? Reflect.get(each, 'originalError'),
      ...(Array.isArray(several) ? several : []),
    ];
    found.push(...next.filter((cause) => cause !== undefined && cause !== null && !found.includes(cause)));
  }
  return found;
}

function factsOf(errors: readonly unknown[], name: string): readonly (string | undefined)[] {
  return errors.map((each) => property(each, name));
}

function property(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Reflect.get(value, name);
  return typeof found === 'string' ? found : undefined;
}
