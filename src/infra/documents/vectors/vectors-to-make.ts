import { existsSync, mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../../../streams/failure.ts';
import { OsLock } from '../../files/os-lock.ts';
import { INDEXING, SOURCE_LEASE_MS } from '../index/document-index.ts';
import { type IndexPlace, indexPath } from '../index/index-place.ts';
import { ArrivedVectors } from './arrived-vectors.ts';
import type { MakingLease, VectorIndex } from './vector-index.ts';

const LOOK_AGAIN_MS = 300;

export type MakingOptions = Readonly<{
  /** Hears once that another process makes vectors, which is waited for. */
  onWait(): void;
  /** Its end gives the index free for others. */
  opened: AsyncDisposableStack;
}>;

/**
 * The vectors of an index for one process alone, and nobody else makes any: by a lock that the operating system releases with the process
 * and, where processes of several machines share the index, by a lease there. There, too, vectors that came stand in a file beside the
 * lock until the index has them. Waits for its turn. Rejects with Failures.
 */
export async function vectorsToMake(
  place: IndexPlace,
  vectors: VectorIndex,
  { onWait, opened }: MakingOptions,
): Promise<VectorIndex> {
  const path = arrivedPath(place);
  mkdirSync(place.data, { recursive: true, mode: 0o700 });
  const lock = await inTurn(async () => OsLock.take(lockPath(place)), onWait);
  opened.defer(() => lock.release());
  const { lease } = vectors;
  if (lease === undefined) return vectors;
  // Whoever has the lock has what a dead process on this directory left, its lease as well.
  const holder = `${hostname()}:${resolve(path)}`;
  await inTurn(async () => ((await lease.take(holder)) ? lease : undefined), onWait);
  opened.defer(() => lease.release(holder));
  // A server that embeds may be waited for longer than a lease stands.
  const sign = setInterval(() => void lease.take(holder).catch(() => undefined), SOURCE_LEASE_MS / 3);
  opened.defer(() => clearInterval(sign));
  await ArrivedVectors.takeUp(path, vectors);
  const arrived = new ArrivedVectors(path);
  opened.defer(() => arrived.close());
  return held(vectors, arrived, () => stillHeld(lease, holder));
}

/** Gives the index the vectors that came to a process which was killed before the index had them. Rejects with Failures. */
export async function takeUpArrived(place: IndexPlace, vectors: VectorIndex): Promise<void> {
  if (!existsSync(arrivedPath(place))) return;
  const lock = OsLock.take(lockPath(place));
  // Whoever has the lock is alive, and they are on their way.
  if (lock === undefined) return;
  await ArrivedVectors.takeUp(arrivedPath(place), vectors).finally(() => lock.release());
}

function held(vectors: VectorIndex, arrived: ArrivedVectors, stillOurs: () => Promise<void>): VectorIndex {
  return {
    spaces: () => vectors.spaces(),
    lacking: (space) => vectors.lacking(space),
    answerBy: (space) => vectors.answerBy(space),
    without: async (space, limit, after) => {
      await stillOurs();
      return vectors.without(space, limit, after);
    },
    putVectors: async (space, made) => {
      const mark = arrived.keep(space, made);
      await vectors.putVectors(space, made);
      mark.drop();
    },
  };
}

async function stillHeld(lease: MakingLease, holder: string): Promise<void> {
  if (await lease.take(holder)) return;
  throw new Failure('fatal', 'bad_source', INDEXING.takenOver('the vectors'));
}

async function inTurn<T>(take: () => Promise<T | undefined>, onWait: () => void): Promise<T> {
  let taken = await take();
  if (taken === undefined) onWait();
  while (taken === undefined) {
    await delay(LOOK_AGAIN_MS);
    taken = await take();
  }
  return taken;
}

function lockPath(place: IndexPlace): string {
  return `${indexPath(place)}.vectors.lock`;
}

function arrivedPath(place: IndexPlace): string {
  return `${indexPath(place)}.vectors.arrived`;
}
