import type { Command } from 'commander';
import { packageFacts } from '../infra/package-facts.ts';

/** A command as `millrace --help` lists it. Its module is loaded when it is asked for: some take a second. */
export type ListedCommand = Readonly<{
  name: string;
  /** Name, options and arguments, as the list shows them. */
  term: string;
  summary: string;
  load(): Promise<Command>;
}>;

export const COMMANDS: readonly ListedCommand[] = [
  {
    name: 'run',
    term: 'run [options] [files...]',
    summary: 'turn questions into reviewed training examples',
    load: async () => (await import('../features/run/run-command.ts')).runCommand(),
  },
  {
    name: 'look',
    term: 'look [options] <files...>',
    summary: 'say what input files hold, and how they would be read',
    load: async () => (await import('../features/questions/look/look-command.ts')).lookCommand(),
  },
  {
    name: 'types',
    term: 'types',
    summary: 'list training types, ours and your own; check or try one',
    load: async () => (await import('../features/types/types-command.ts')).typesCommand(),
  },
  {
    name: 'status',
    term: 'status [options]',
    summary: 'show progress, cost, and the processes at work',
    load: async () => (await import('../features/flow/status-command.ts')).statusCommand(),
  },
  {
    name: 'pause',
    term: 'pause [options] <stage>',
    summary: 'stop a stage from taking records, in every process',
    load: async () => (await import('../features/flow/pause-command.ts')).pauseCommand('pause'),
  },
  {
    name: 'resume',
    term: 'resume [options] <stage>',
    summary: 'let a paused stage continue',
    load: async () => (await import('../features/flow/pause-command.ts')).pauseCommand('resume'),
  },
  {
    name: 'show',
    term: 'show [options] <id>',
    summary: 'show one question’s whole story',
    load: async () => (await import('../features/questions/show-command.ts')).showCommand(),
  },
  {
    name: 'dead-letters',
    term: 'dead-letters',
    summary: 'list the records that failed for good, and why',
    load: async () => (await import('../features/redrive/dead-letters-command.ts')).deadLettersCommand(),
  },
  {
    name: 'redrive',
    term: 'redrive [options]',
    summary: 'retry dead letters',
    load: async () => (await import('../features/redrive/redrive-command.ts')).redriveCommand(),
  },
  {
    name: 'repair',
    term: 'repair [options]',
    summary: 'restart questions whose next record was lost',
    load: async () => (await import('../features/upkeep/repair-command.ts')).repairCommand(),
  },
  {
    name: 'export',
    term: 'export [options]',
    summary: 'write the approved examples into files',
    load: async () => (await import('../features/dataset/export-command.ts')).exportCommand(),
  },
  {
    name: 'dataset',
    term: 'dataset',
    summary: 'list the versions of the dataset',
    load: async () => (await import('../features/dataset/dataset-command.ts')).datasetCommand(),
  },
  {
    name: 'replay',
    term: 'replay [options]',
    summary: 'read a stage’s topic again: republish its results, or rework them in a new lane',
    load: async () => (await import('../features/replay/replay-command.ts')).replayCommand(),
  },
  {
    name: 'compare',
    term: 'compare [options] <laneA> <laneB>',
    summary: 'show verdicts and scores of two lanes side by side',
    load: async () => (await import('../features/replay/compare/compare-command.ts')).compareCommand(),
  },
  {
    name: 'shadow',
    term: 'shadow [options] [name]',
    summary: 'compare shadow judges with the live one: agreement, disagreements, cost',
    load: async () => (await import('../features/judges/shadow-command.ts')).shadowCommand(),
  },
  {
    name: 'sources',
    term: 'sources',
    summary: 'manage the documents that answers rest on',
    load: async () => (await import('../features/sources/sources-command.ts')).sourcesCommand(),
  },
  {
    name: 'worker',
    term: 'worker [options]',
    summary: 'run some or all stages until stopped',
    load: async () => (await import('../features/run/worker-command.ts')).workerCommand(),
  },
  {
    name: 'ingest',
    term: 'ingest [options] <files...>',
    summary: 'publish questions for workers to pick up',
    load: async () => (await import('../features/questions/ingest-command.ts')).ingestCommand(),
  },
  {
    name: 'serve',
    term: 'serve [options]',
    summary: 'serve a page that shows the stream at work, and an HTTP API',
    load: async () => (await import('../features/serve/serve-command.ts')).serveCommand(),
  },
  {
    name: 'topics',
    term: 'topics',
    summary: 'create the topics of a namespace, or inspect them',
    load: async () => (await import('../features/upkeep/topics/topics-command.ts')).topicsCommand(),
  },
  {
    name: 'gc',
    term: 'gc [options]',
    summary: 'remove old lanes, dead letters and records',
    load: async () => (await import('../features/upkeep/gc-command.ts')).gcCommand(),
  },
  {
    name: 'forget',
    term: 'forget [options] [id]',
    summary: 'permanently delete questions and everything made from them',
    load: async () => (await import('../features/upkeep/forget-command.ts')).forgetCommand(),
  },
  {
    name: 'doctor',
    term: 'doctor [options]',
    summary: 'check everything that Millrace depends on, and say what to fix',
    load: async () =>
      (await import('../features/upkeep/doctor/doctor-command.ts')).doctorCommand(packageFacts().version),
  },
  {
    name: 'prompts',
    term: 'prompts [options] <dir>',
    summary: 'write out the built-in prompts, as a starting point for your own',
    load: async () => (await import('../features/upkeep/prompts-command.ts')).promptsCommand(),
  },
  {
    name: 'config',
    term: 'config',
    summary: 'allow the settings file of a folder',
    load: async () => (await import('../features/upkeep/config-command.ts')).configCommand(),
  },
  {
    name: 'plugins',
    term: 'plugins [options]',
    summary: 'list training types, formats and other parts, and where they come from',
    load: async () => (await import('../features/upkeep/plugins-command.ts')).pluginsCommand(),
  },
  {
    name: 'prices',
    term: 'prices [options] [part]',
    summary: 'show what models cost, and when and where the price was read; update FILE adds newer ones',
    load: async () => (await import('../features/upkeep/prices-command.ts')).pricesCommand(),
  },
];
