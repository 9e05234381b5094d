import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { networkOf } from './wrong-tokens.ts';

/** From this share of all connections on, the idle ones make room. */
const CROWDED = 0.8;
const TELL_EVERY_MS = 60_000;

/** Hears, at most once a minute, how many connections of an address were closed to make room, or refused. */
export type OnCrowded = (address: string, closed: number) => void;

/**
 * Shares the connections of a server out: where they become few, a new one takes the place of one on which nobody waits for an
 * answer, of the address that has most of those. So nobody who only holds connections open locks others out.
 */
export class ConnectionShares {
  /** By address, the oldest first. */
  readonly #idle = new Map<string, Set<Socket>>();
  readonly #most: number;
  readonly #tell: OnCrowded;
  #open = 0;
  #closed = 0;
  #toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(server: Server, connections: number, tell: OnCrowded) {
    this.#most = Math.floor(connections * CROWDED);
    this.#tell = tell;
    server.on('connection', (socket: Socket) => this.#enter(socket));
    server.on('request', ({ socket }, response) => {
      const address = networkOf(socket.remoteAddress ?? '');
      this.#take(address, socket);
      response.once('close', () => {
        if (!socket.destroyed) this.#idleOf(address).add(socket);
      });
    });
    server.on('drop', ({ remoteAddress } = {}) => this.#count(networkOf(remoteAddress ?? '')));
  }

  #enter(socket: Socket): void {
    this.#open += 1;
    const address = networkOf(socket.remoteAddress ?? '');
    if (this.#open > this.#most) this.#makeRoom();
    this.#idleOf(address).add(socket);
    socket.once('close', () => {
      this.#open -= 1;
      this.#take(address, socket);
    });
  }

  #makeRoom(): void {
    const [address, sockets] = [...this.#idle].reduce<readonly [string, ReadonlySet<Socket>]>(
      (most, each) => (each[1].size > most[1].size ? each : most),
      ['', new Set()],
    );
    const [oldest] = sockets;
    if (oldest === undefined) return;
    this.#take(address, oldest);
    oldest.destroy();
    this.#count(address);
  }

  #idleOf(address: string): Set<Socket> {
    const known = this.#idle.get(address) ?? new Set();
    this.#idle.set(address, known);
    return known;
  }

  #take(address: string, socket: Socket): void {
    const sockets = this.#idle.get(address);
    sockets?.delete(socket);
    if (sockets?.size === 0) this.#idle.delete(address);
  }

  #count(address: string): void {
    this.#closed += 1;
    const nowMs = performance.now();
    if (nowMs - this.#toldAtMs < TELL_EVERY_MS) return;
    this.#toldAtMs = nowMs;
    this.#tell(address, this.#closed);
    this.#closed = 0;
  }
}
