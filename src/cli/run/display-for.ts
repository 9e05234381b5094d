import type { Display } from '../display/display.ts';
import { silentDisplay } from '../display/display.ts';
import { JsonDisplay } from '../display/json-display.ts';
import { LiveDisplay } from '../display/live-display.ts';
import { PlainDisplay } from '../display/plain-display.ts';

/**
 * Progress goes to standard error, so that standard output holds the summary alone: redrawn in place on a terminal,
 * lines elsewhere. `--json` puts everything on standard output.
 */
export function displayFor({ json, quiet }: Readonly<{ json?: boolean; quiet?: boolean }>): Display {
  if (quiet === true) return silentDisplay;
  if (json === true) return new JsonDisplay((text) => process.stdout.write(text));
  if (process.stderr.isTTY) return new LiveDisplay(process.stderr);
  return new PlainDisplay((text) => process.stderr.write(text));
}
