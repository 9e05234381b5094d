import { EXIT } from '../../infra/terminal/exit-code.ts';
import { fitted } from '../../infra/terminal/fitted.ts';
import { printableJson } from '../../infra/terminal/format.ts';
import type { Added } from './read-source.ts';
import { addedText } from './sources-text.ts';

/** Prints what became of a source. The command ends with 3 where a file could not be read. */
export function tell(added: Added, { json }: Readonly<{ json?: true }>): void {
  process.stdout.write(`${json === true ? printableJson(added) : fitted(addedText(added))}\n`);
  if (added.refused.length > 0) process.exitCode = EXIT.someDead;
}
