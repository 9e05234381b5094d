/**
 * `node --import blockable.ts SCRIPT …`: a process whose event loop stands still for `BLOCK_MS` at each SIGUSR2, as in a
 * computation without end.
 */
const blockMs = Number(process.env['BLOCK_MS']);
process.on('SIGUSR2', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockMs));
