import { createRequire } from 'node:module';
import { Socket } from 'node:net';

const load = createRequire(import.meta.url);
const MENDED = Symbol('mended');

/**
 * A command that is larger than the buffers of the connection waits until they are drained, and driver 7.9 forgets it
 * when it gives the connection up meanwhile, as after a socket time-out: the operation never ends, and its connection is
 * never replaced. Destroying the socket with the error ends the wait. A driver that has another inside is left alone.
 */
export function patchDrain(): void {
  const { Connection }: { Connection?: unknown } = load('mongodb/lib/cmap/connection.js');
  const prototype: unknown = typeof Connection === 'function' ? Connection.prototype : undefined;
  if (typeof prototype !== 'object' || prototype === null || Reflect.has(prototype, MENDED)) return;
  const cleanup: unknown = Reflect.get(prototype, 'cleanup');
  if (typeof cleanup !== 'function') return;
  Reflect.set(prototype, MENDED, true);
  Reflect.set(prototype, 'cleanup', function (this: object, error: Error) {
    const socket: unknown = Reflect.get(this, 'socket');
    if (socket instanceof Socket && socket.writableNeedDrain) socket.destroy(error);
    return Reflect.apply(cleanup, this, [error]);
  });
}
