import { destination, type Logger, pino } from 'pino';

/** A log of JSON lines that is written in the background. */
export type LogFile = Readonly<{ logger: Logger; close(): Promise<void> }>;

/** Opens a log file for its owner's eyes only. Keys never reach it: failures carry none. */
export function openLogFile(path: string): LogFile {
  const stream = destination({ dest: path, sync: false, mode: 0o600 });
  // A log that cannot be written must not stop the work it tells of.
  stream.on('error', () => undefined);
  const logger = pino({ base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` }, stream);
  const close = () =>
    new Promise<void>((resolve) => {
      stream.once('close', () => resolve());
      stream.end();
    });
  return { logger, close };
}
