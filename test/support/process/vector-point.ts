import { setImmediate as nextTurn } from 'node:timers/promises';
import { VectorStore } from '../../../src/infra/engines/mongo/sources/vector-store.ts';

/**
 * `node vector-point.ts ARGS…`: `millrace ARGS` in a process that kills itself with SIGKILL at the end of the turn of the event loop in
 * which vectors of documents came for the second time, before MongoDB hears of them.
 */
const { putVectors } = VectorStore.prototype;
let came = 0;
VectorStore.prototype.putVectors = async function (space, vectors) {
  came += 1;
  if (came === 1) return putVectors.call(this, space, vectors);
  await nextTurn();
  process.kill(process.pid, 'SIGKILL');
  return putVectors.call(this, space, vectors);
};
await import('../../../src/cli/main.ts');
