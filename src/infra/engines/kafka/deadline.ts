import { Failure } from '../../../streams/failure.ts';
import { inTime } from '../../../streams/in-time.ts';

/** The promise, or a Failure of kind `outage` after `timeoutMs`: kafkajs may wait for ever on a coordinator that is gone. */
export function withinDeadline<T>(timeoutMs: number, doing: string, promise: Promise<T>): Promise<T> {
  return inTime(promise, timeoutMs, () => {
    throw new Failure('outage', 'kafka_timeout', `Kafka: ${doing} took longer than ${timeoutMs} ms.`);
  });
}
