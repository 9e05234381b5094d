import { createRequire } from 'node:module';
import { Socket } from 'node:net';

const load = createRequire(import.meta.url);
const MENDED = Symbol('mended');

/**
 * Driver 7.9 waits for `drain` or `error` when a write to its socket returns false, and neither comes once the socket is
 * destroyed: the operation never ends. That is so for a command that waits until large buffers are drained when the
 * connection is given up, as after a socket time-out, and for one that is still being encoded when the other side ends the
 * connection, as when `mongod` is killed. So who waits hears of the end, and who comes later is refused. A driver that has
 * another inside is left alone.
 */
export function patchLostWrites(): void {
  const { Connection }: { Connection?: unknown } = load('mongodb/lib/cmap/connection.js');
  const prototype: unknown = typeof Connection === 'function' ? Connection.prototype : undefined;
  if (typeof prototype !== 'object' || prototype === null || Reflect.has(prototype, MENDED)) return;
  const cleanup: unknown = Reflect.get(prototype, 'cleanup');
  if (typeof cleanup !== 'function') return;
  Reflect.set(prototype, MENDED, true);
  Reflect.set(prototype, 'cleanup', function (this: object, error: Error) {
    if (Reflect.get(this, 'closed') === true) return;
    Reflect.apply(cleanup, this, [error]);
    const socket: unknown = Reflect.get(this, 'socket');
    if (!(socket instanceof Socket)) return;
    Reflect.set(socket, 'write', () => {
      throw error;
    });
    // The connection itself listens too, and does nothing once it is closed.
    socket.emit('error', error);
  });
}
