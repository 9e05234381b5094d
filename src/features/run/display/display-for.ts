import type { Display } from './display.ts';
import { silentDisplay } from './display.ts';
import { JsonDisplay } from './json-display.ts';
import { PlainDisplay } from './plain-display.ts';

/**
 * Progress goes to standard error, so that standard output holds the summary alone: redrawn in place on a terminal,
 * lines elsewhere. `--json` puts everything on standard output.
 */
export async function displayFor({
  json,
  quiet,
}: Readonly<{ json?: boolean; quiet?: boolean }>): Promise<Display> {
  if (quiet === true) return silentDisplay;
  if (json === true) return new JsonDisplay((text) => process.stdout.write(text));
  if (process.stderr.isTTY) {
    const { LiveDisplay } = await import('./live-display.ts');
    return new LiveDisplay(process.stderr);
  }
  return new PlainDisplay((text) => process.stderr.write(text));
}
