import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { patchLostWrites } from '../../../../src/infra/engines/mongo/lost-writes-patch.ts';
import { within } from '../../../support/within.ts';

const load = createRequire(import.meta.url);
/** What is needed of the driver's inside. */
const INSIDE = z.object({ Connection: z.custom<new (...args: readonly unknown[]) => object>() });
const NAMES = z.object({ ns: z.custom<(name: string) => unknown>() });

/** A connection of the driver to a server that says nothing. */
async function connection() {
  const server = createServer((peer) => void peer.on('error', () => undefined)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const socket = new Socket().connect(address.port, address.address);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  const { Connection } = INSIDE.parse(load('mongodb/lib/cmap/connection.js'));
  const made = new Connection(socket, { id: 1, generation: 0, hostAddress: 'nobody' });
  const command: unknown = Reflect.get(made, 'command');
  if (typeof command !== 'function') throw new Error('the driver has another inside');
  const { ns } = NAMES.parse(load('mongodb/lib/utils.js'));
  const send = async (text = '') =>
    Reflect.apply(command, made, [ns('admin.$cmd'), { ping: 1, text }, { readPreference: undefined }]);
  return { socket, send };
}

describe('a command of the driver', () => {
  patchLostWrites();

  it('ends when its connection is destroyed while it is being encoded', async () => {
    const { socket, send } = await connection();
    const sent = send();
    socket.destroy();
    await expect(within('the command ends', sent)).rejects.toThrow(/closed/);
  });

  it('ends when its connection is given up while it waits for full buffers', async () => {
    const { socket, send } = await connection();
    const sent = send('x'.repeat(12_000_000));
    await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    await expect(within('the command ends', sent)).rejects.toThrow(/closed/);
  });
});
