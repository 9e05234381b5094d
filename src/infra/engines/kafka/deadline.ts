import { Failure } from '../../../streams/failure.ts';

/** The promise, or a Failure of kind `outage` after `timeoutMs`: kafkajs may wait for ever on a coordinator that is gone. */
export async function withinDeadline<T>(timeoutMs: number, doing: string, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new Failure('outage', 'kafka_timeout', `Kafka: ${doing} took longer than ${timeoutMs} ms.`));
  }, timeoutMs);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
