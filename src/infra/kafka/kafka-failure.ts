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

const MAX_DEPTH = 10;

/**
 * Sorts an error of kafkajs by its root cause. Neither its class nor its `retriable` flag is trusted: a broker that is
 * away arrives as `KafkaJSNonRetriableError`. Whatever is not known to be the record's or the settings' fault is an
 * outage: it is waited out, and no record suffers from it.
 */
export function classifyKafka(error: unknown, doing: string): Failure {
  if (error instanceof Failure) return error;
  const chain = causes(error);
  const root = chain.at(-1);
  const text = root instanceof Error ? root.message : String(root);
  const types = chain.map((each) => property(each, 'type'));
  const names = chain.map((each) => property(each, 'name'));
  const type = types.find((each) => each !== undefined);
  const message = `Kafka: ${doing} failed: ${text}`;
  const facts = { cause: error };
  if (types.some((each) => each !== undefined && POISON.has(each)))
    return new Failure('poison', 'record_refused', `${message} (${type})`, facts);
  if (
    types.some((each) => each !== undefined && FATAL.has(each)) ||
    names.some((each) => each !== undefined && FATAL_NAMES.has(each))
  )
    return new Failure(
      'fatal',
      'kafka_refused',
      `${message}${type === undefined ? '' : ` (${type})`}`,
      facts,
    );
  return new Failure('outage', 'kafka_unavailable', message, facts);
}

/** The error, its cause, the cause of that, and so on. */
function causes(error: unknown): readonly unknown[] {
  const chain: unknown[] = [error];
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const last = chain.at(-1);
    const cause = last instanceof Error ? (last.cause ?? property(last, 'originalError')) : undefined;
    if (cause === undefined || cause === null) break;
    chain.push(cause);
  }
  return chain;
}

function property(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Reflect.get(value, name);
  return typeof found === 'string' ? found : undefined;
}
