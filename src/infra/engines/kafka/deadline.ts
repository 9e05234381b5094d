import { Failure } from '../../../streams/failure.ts';
import { inTime } from '../../../streams/in-time.ts';

const DISCONNECT_TIMEOUT_MS = 8_000;

/** The promise, or a Failure of kind `outage` after `timeoutMs`: kafkajs may wait for ever on a coordinator that is gone. */
export function withinDeadline<T>(timeoutMs: number, doing: string, promise: Promise<T>): Promise<T> {
  return inTime(promise, timeoutMs, () => {
    throw new Failure('outage', 'kafka_timeout', `Kafka: ${doing} took longer than ${timeoutMs} ms.`);
  });
}

/** Takes 8 s at most, and never rejects: whoever leaves wants nothing more of the other side. */
export async function disconnected(client: Readonly<{ disconnect(): Promise<unknown> }>): Promise<void> {
  await withinDeadline(DISCONNECT_TIMEOUT_MS, 'disconnecting', client.disconnect()).catch(() => undefined);
}
