import { EXIT } from '../../infra/terminal/exit-code.ts';
import { printFound } from '../../infra/terminal/print.ts';
import type { Added } from './read-source.ts';
import { addedText } from './sources-text.ts';

/** Prints what became of a source. The command ends with 3 where a file could not be read. */
export function tell(added: Added, { json }: Readonly<{ json?: true }>): void {
  printFound({ json }, added, () => addedText(added));
  if (added.refused.length > 0) process.exitCode = EXIT.someDead;
}
