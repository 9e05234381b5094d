import type { Command } from 'commander';
import { addIndexFlags } from '../../infra/config/flags/flags.ts';

/** Where the index is, and how the answer is printed. */
export function sourceFlags(command: Command): Command {
  return addIndexFlags(command.option('--json', 'as JSON'));
}
