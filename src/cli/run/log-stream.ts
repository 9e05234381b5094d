import type { DestinationStream } from 'pino';
import { environmentVariable } from '../../infra/config/environment.ts';

/** The log as it goes by: JSON lines for whoever collects them, pretty for a person at a terminal. */
export async function logStream(
  out: NodeJS.WritableStream & Readonly<{ isTTY?: boolean }>,
): Promise<DestinationStream> {
  if (out.isTTY !== true) return out;
  // Only a person needs it.
  const { prettyFactory } = await import('pino-pretty');
  const colorize = environmentVariable('NO_COLOR') === undefined;
  const pretty = prettyFactory({ colorize, translateTime: 'SYS:HH:MM:ss', singleLine: true });
  return { write: (line) => void out.write(pretty(line)) };
}
