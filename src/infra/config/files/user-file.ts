import { homedir } from 'node:os';
import { join } from 'node:path';
import { environmentVariable } from '../environment-variable.ts';

/** Where a file of the user stands that counts in every folder: `$XDG_CONFIG_HOME/millrace/NAME`. */
export function userFile(name: string): string {
  const config = environmentVariable('XDG_CONFIG_HOME') ?? join(homedir(), '.config');
  return join(config, 'millrace', name);
}
