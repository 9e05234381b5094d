import { Failure } from '../../streams/failure.ts';

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

const MAX_CAUSES = 100;

/**
 * Sorts an error of kafkajs by its root cause. Neither its class nor its `retriable` flag is trusted: a broker that is
 * away arrives as `KafkaJSNonRetriableError`. Whatever is not known to be the record's or the settings' fault is an
 * outage: it is waited out, and no record suffers from it.
 */
export function classifyKafka(error: unknown, doing: string): Failure {
  if (error instanceof Failure) return error;
  const all = causes(error);
  const root = all.at(-1);
  const types = all.map((each) => property(each, 'type'));
  const type = types.findLast((each) => each !== undefined);
  const text = `${root instanceof Error ? root.message : String(root)}${type === undefined ? '' : ` (${type})`}`;
  const message = `Kafka: ${doing} failed: ${text}`;
  const facts = { cause: error };
  if (anyOf(types, POISON)) return new Failure('poison', 'record_refused', message, facts);
  const refused =
    anyOf(types, FATAL) ||
    anyOf(
      all.map((each) => property(each, 'name')),
      FATAL_NAMES,
    ) ||
    anyOf(
      all.map((each) => property(each, 'code')),
      FATAL_CODES,
    );
  if (refused) return new Failure('fatal', 'kafka_refused', message, facts);
  return new Failure('outage', 'kafka_unavailable', message, facts);
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

function property(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Reflect.get(value, name);
  return typeof found === 'string' ? found : undefined;
}
