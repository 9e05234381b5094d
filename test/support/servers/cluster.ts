/** A server made of one or more nodes, numbered from 0, that a test may treat badly. */
export type Cluster = Readonly<{
  /** What a client is given: Kafka's bootstrap list, or MongoDB's URI. */
  address: string;
  /** How many nodes there are, dead ones included. */
  nodes: number;
  /** SIGKILL; resolves once the process is gone. */
  kill(node?: number): Promise<void>;
  /** Starts a killed node on the same data and port; resolves once it serves again. */
  restart(node?: number): Promise<void>;
  /** SIGSTOP: its connections stay open, and nothing answers. */
  freeze(node?: number): void;
  thaw(node?: number): void;
  /** Ends all nodes and deletes their data. Safe to repeat. */
  stop(): Promise<void>;
}>;

export type Kind = 'kafka' | 'mongo';

/** A server cannot be had here, for the reason that the message says. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}
