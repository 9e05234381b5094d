import type { Command } from 'commander';
import { packageFacts } from '../infra/package-facts.ts';

/** A command as `millrace --help` lists it. Its module is loaded when it is asked for: some take a second. */
export type ListedCommand = Readonly<{
  name: string;
  /** Name, options and arguments, as the list shows them: it begins with the name. */
  term: string;
  summary: string;
  load(): Promise<Command>;
}>;

function command(term: string, summary: string, load: ListedCommand['load']): ListedCommand {
  return { name: term.replace(/ .*/, ''), term, summary, load };
}

export const COMMANDS: readonly ListedCommand[] = [
  command('run [options] [files...]', 'turn questions into reviewed training examples', async () =>
    (await import('../features/run/run-command.ts')).runCommand(),
  ),
  command('look [options] <files...>', 'say what input files hold, and how they would be read', async () =>
    (await import('../features/questions/look/look-command.ts')).lookCommand(),
  ),
  command('types', 'list training types, ours and your own; check or try one', async () =>
    (await import('../features/types/types-command.ts')).typesCommand(),
  ),
  command('status [options]', 'show progress, cost, and the processes at work', async () =>
    (await import('../features/flow/status-command.ts')).statusCommand(),
  ),
  command('pause [options] <stage>', 'stop a stage from taking records, in every process', async () =>
    (await import('../features/flow/pause-command.ts')).pauseCommand('pause'),
  ),
  command('resume [options] <stage>', 'let a paused stage continue', async () =>
    (await import('../features/flow/pause-command.ts')).pauseCommand('resume'),
  ),
  command('show [options] <id>', 'show one question’s whole story', async () =>
    (await import('../features/questions/show-command.ts')).showCommand(),
  ),
  command('dead-letters', 'list the records that failed for good, and why', async () =>
    (await import('../features/redrive/dead-letters-command.ts')).deadLettersCommand(),
  ),
  command('redrive [options]', 'retry dead letters', async () =>
    (await import('../features/redrive/redrive-command.ts')).redriveCommand(),
  ),
  command('repair [options]', 'restart questions whose next record was lost', async () =>
    (await import('../features/upkeep/repair-command.ts')).repairCommand(),
  ),
  command('export [options]', 'write the approved examples into files', async () =>
    (await import('../features/dataset/export-command.ts')).exportCommand(),
  ),
  command('dataset', 'list the versions of the dataset', async () =>
    (await import('../features/dataset/dataset-command.ts')).datasetCommand(),
  ),
  command(
    'replay [options]',
    'read a stage’s topic again: republish its results, or rework them in a new lane',
    async () => (await import('../features/replay/replay-command.ts')).replayCommand(),
  ),
  command(
    'compare [options] <laneA> <laneB>',
    'show verdicts and scores of two lanes side by side',
    async () => (await import('../features/replay/compare/compare-command.ts')).compareCommand(),
  ),
  command(
    'shadow [options] [name]',
    'compare shadow judges with the live one: agreement, disagreements, cost',
    async () => (await import('../features/judges/shadow-command.ts')).shadowCommand(),
  ),
  command('sources', 'manage the documents that answers rest on', async () =>
    (await import('../features/sources/sources-command.ts')).sourcesCommand(),
  ),
  command('worker [options]', 'run some or all stages until stopped', async () =>
    (await import('../features/run/worker-command.ts')).workerCommand(),
  ),
  command('ingest [options] <files...>', 'publish questions for workers to pick up', async () =>
    (await import('../features/questions/ingest-command.ts')).ingestCommand(),
  ),
  command('serve [options]', 'serve a page that shows the stream at work, and an HTTP API', async () =>
    (await import('../features/serve/serve-command.ts')).serveCommand(),
  ),
  command('topics', 'create the topics of a namespace, or inspect them', async () =>
    (await import('../features/upkeep/topics/topics-command.ts')).topicsCommand(),
  ),
  command('gc [options]', 'remove old lanes, dead letters and records', async () =>
    (await import('../features/upkeep/gc-command.ts')).gcCommand(),
  ),
  command('forget [options] [id]', 'permanently delete questions and everything made from them', async () =>
    (await import('../features/upkeep/forget-command.ts')).forgetCommand(),
  ),
  command('doctor [options]', 'check everything that Millrace depends on, and say what to fix', async () =>
    (await import('../features/upkeep/doctor/doctor-command.ts')).doctorCommand(packageFacts().version),
  ),
  command(
    'prompts [options] <dir>',
    'write out the built-in prompts, as a starting point for your own',
    async () => (await import('../features/upkeep/prompts-command.ts')).promptsCommand(),
  ),
  command('config', 'allow the settings file of a folder', async () =>
    (await import('../features/upkeep/config-command.ts')).configCommand(),
  ),
  command(
    'plugins [options]',
    'list training types, formats and other parts, and where they come from',
    async () => (await import('../features/upkeep/plugins-command.ts')).pluginsCommand(),
  ),
  command(
    'prices [options] [part]',
    'show what models cost, and when and where the price was read; update FILE adds newer ones',
    async () => (await import('../features/upkeep/prices-command.ts')).pricesCommand(),
  ),
];
