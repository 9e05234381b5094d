import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { type DeletingFlags, settingsOf } from '../../infra/config/flags/flags.ts';
import type { Settings } from '../../infra/config/settings.ts';
import type { OpenedEngine } from '../../infra/engines/engine.ts';
import { openEngine } from '../../infra/engines/open-engine.ts';
import { Failure } from '../../streams/failure.ts';
import { isOnFile } from '../run/session/open-data.ts';
import { namespaceOf } from '../run/session/session.ts';

export type DeletingPlace = Readonly<{ engine: OpenedEngine; namespace: string; settings: Settings }>;

/**
 * Opens the data that a command is to delete from, beside whoever is at work. It is the real data unless `--simulated`
 * says else: which key happens to be set must not decide what is deleted. On one machine, where there is no real data,
 * it is the simulated.
 */
export async function openForDeleting(command: Command): Promise<DeletingPlace> {
  const flags: DeletingFlags = command.opts();
  const settings = await settingsOf(command, ['dryRun', 'lookUps']);
  const real = namespaceOf(settings, false);
  const simulatedOnly = settings.mongo === undefined && !isOnFile(settings, real);
  const made = namespaceOf(settings, true);
  const simulated = flags.simulated === true || (simulatedOnly && isOnFile(settings, made));
  const namespace = simulated ? made : real;
  return { engine: await openEngine({ settings, namespace, mode: 'read' }), namespace, settings };
}

/** Asks on a terminal; elsewhere only `--yes` goes ahead. Throws a Failure (`bad_usage`) where nobody can be asked. */
export async function confirmed(question: string, { yes }: DeletingFlags): Promise<boolean> {
  if (yes === true) return true;
  if (!process.stdin.isTTY)
    throw new Failure('fatal', 'bad_usage', `${question} Nobody can be asked here: say --yes, or --dry-run.`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
