import { setTimeout as delay } from 'node:timers/promises';
import { OsLock } from '../../files/os-lock.ts';
import { indexPath } from '../index/index-path.ts';
import type { IndexPlace } from '../index/of-settings.ts';

const LOOK_AGAIN_MS = 300;

/**
 * Waits until nobody else makes vectors of the index beside the embedded store, and keeps others waiting until it is released. The
 * operating system releases it with the process. `undefined` on MongoDB: nobody is kept apart there.
 *
 * @param onWait hears once that another is at it.
 */
export async function makingLock(
  place: IndexPlace,
  onWait: () => void,
): Promise<Pick<OsLock, 'release'> | undefined> {
  if (place.mongo !== undefined) return undefined;
  const path = `${indexPath(place)}.vectors.lock`;
  let lock = OsLock.take(path);
  if (lock === undefined) onWait();
  while (lock === undefined) {
    await delay(LOOK_AGAIN_MS);
    lock = OsLock.take(path);
  }
  return lock;
}
