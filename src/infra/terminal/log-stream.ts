import type { DestinationStream } from 'pino';
import { environmentVariable } from '../config/environment-variable.ts';
import { printableLines } from './format.ts';

/** The log as it goes by: JSON lines for whoever collects them, pretty for a person at a terminal. */
export async function logStream(
  out: NodeJS.WritableStream & Readonly<{ isTTY?: boolean }>,
): Promise<DestinationStream> {
  if (out.isTTY !== true) return out;
  // Only a person needs it.
  const { prettyFactory } = await import('pino-pretty');
  const colorize = environmentVariable('NO_COLOR') === undefined;
  const pretty = prettyFactory({ colorize, translateTime: 'SYS:HH:MM:ss', singleLine: true });
  return { write: (line) => void out.write(pretty(withoutEscapes(line))) };
}

/** A line of JSON without the escapes that would begin a line of their own, or turn the terminal over, once they are read. */
function withoutEscapes(line: string): string {
  const plain = line.replace(/\\(?:\\|([nrtbf]|u00[01][0-9a-f]|u007f))/gi, (whole, control) =>
    control === undefined ? whole : ' ',
  );
  return printableLines(plain);
}
