import { lstatSync, readlinkSync } from 'node:fs';
import type { Command } from 'commander';
import { Failure } from '../../../streams/failure.ts';
import { printable } from '../../terminal/format.ts';
import { variableOf } from '../environment.ts';
import { environmentVariable } from '../environment-variable.ts';
import type { Settings } from '../settings.ts';

/**
 * Refuses a dataset (`out`) or data directory (`data`) that is a symbolic link and was not named by the user, by flag or variable:
 * it may have come with the folder, and leads where its author wants. Throws a Failure (`bad_link`).
 */
export function assertNoLink(setting: 'out' | 'data', settings: Settings, command: Command): void {
  const path = settings[setting];
  if (command.getOptionValueSource(setting) === 'cli') return;
  if (environmentVariable(variableOf(setting)) !== undefined) return;
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  const to = printable(readlinkSync(path));
  const message = `${path} is a symbolic link to ${to}, which you did not name. If that is where it shall be written, say so: --${setting} ${path}`;
  throw new Failure('fatal', 'bad_link', message);
}
