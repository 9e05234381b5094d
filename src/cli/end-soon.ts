import { isRead } from '../infra/terminal/reader-gone.ts';

const LOOK_MS = 3_000;

/**
 * Ends the process although something keeps it alive: kafkajs goes on reaching for brokers that are gone, long after it
 * was told to disconnect. A process that nothing keeps alive ends at once. Output that waits to be read is waited for.
 */
export function endSoon(): void {
  setInterval(() => {
    if ([process.stdout, process.stderr].every((each) => each.writableLength === 0 || !isRead(each)))
      process.exit();
  }, LOOK_MS).unref();
}
