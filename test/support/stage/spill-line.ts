import { createHash } from 'node:crypto';
import type { Unsaved } from '../../../src/streams/work/journal.ts';

/** One unsaved write as Millrace 0.1.0 left it in a line of a spill file. */
export function spillLine(unsaved: Unsaved): string {
  const sha256 = createHash('sha256').update(JSON.stringify(unsaved)).digest('hex');
  return `${JSON.stringify({ v: 1, sha256, unsaved })}\n`;
}
