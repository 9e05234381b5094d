import { constants, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DestinationStream, destination, type Logger, multistream, pino } from 'pino';

/** A log of JSON lines that is written in the background. */
export type LogFile = Readonly<{ logger: Logger; close(): Promise<void> }>;

const APPEND = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);

/**
 * Opens a log file for its owner's eyes only, and makes its directory. A symbolic link is not followed. A file that cannot be written never stops the
 * work it tells of. Keys never reach it: failures carry none.
 * @param also where the same lines go as well.
 */
export function openLogFile(path: string, also?: DestinationStream): LogFile {
  const ended = Promise.withResolvers<void>();
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const stream = destination({ fd: openSync(path, APPEND, 0o600), sync: false });
    stream.on('error', () => ended.resolve());
    stream.once('close', () => ended.resolve());
    const everywhere = also === undefined ? stream : multistream([{ stream }, { stream: also }]);
    const logger = pino({ base: null, timestamp }, everywhere);
    return {
      logger,
      close: () => {
        stream.end();
        return ended.promise;
      },
    };
  } catch {
    return { logger: pino({ enabled: false }), close: async () => undefined };
  }
}

function timestamp(): string {
  return `,"time":"${new Date().toISOString()}"`;
}
