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
    summary: 'what files of questions are, and how they would be read',
    load: async () => (await import('../features/questions/look-command.ts')).lookCommand(),
  },
  {
    name: 'types',
    term: 'types',
    summary: 'training types: ours and your own, and whether a file is one',
    load: async () => (await import('../features/types/types-command.ts')).typesCommand(),
  },
  {
    name: 'status',
    term: 'status [options]',
    summary: 'how far it is, what it cost, and who is at work',
    load: async () => (await import('../features/flow/status-command.ts')).statusCommand(),
  },
  {
    name: 'pause',
    term: 'pause [options] <stage>',
    summary: 'let a stage take no more records, in every process',
    load: async () => (await import('../features/flow/pause-command.ts')).pauseCommand('pause'),
  },
  {
    name: 'resume',
    term: 'resume [options] <stage>',
    summary: 'let a paused stage go on',
    load: async () => (await import('../features/flow/pause-command.ts')).pauseCommand('resume'),
  },
  {
    name: 'show',
    term: 'show [options] <id>',
    summary: 'one question’s whole story',
    load: async () => (await import('../features/questions/show-command.ts')).showCommand(),
  },
  {
    name: 'dead-letters',
    term: 'dead-letters',
    summary: 'what could not be worked, and why',
    load: async () => (await import('../features/redrive/dead-letters-command.ts')).deadLettersCommand(),
  },
  {
    name: 'redrive',
    term: 'redrive [options]',
    summary: 'send dead letters again',
    load: async () => (await import('../features/redrive/redrive-command.ts')).redriveCommand(),
  },
  {
    name: 'repair',
    term: 'repair [options]',
    summary: 'let questions go on whose next record is gone',
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
    summary: 'read a stage’s topic again: publish its results again, or work them anew in a lane',
    load: async () => (await import('../features/replay/replay-command.ts')).replayCommand(),
  },
  {
    name: 'compare',
    term: 'compare [options] <laneA> <laneB>',
    summary: 'verdicts and scores of two lanes side by side',
    load: async () => (await import('../features/replay/compare/compare-command.ts')).compareCommand(),
  },
  {
    name: 'shadow',
    term: 'shadow [options] [name]',
    summary: 'shadow judges beside the live one: agreement, disagreements, cost',
    load: async () => (await import('../features/judges/shadow-command.ts')).shadowCommand(),
  },
  {
    name: 'sources',
    term: 'sources',
    summary: 'the documents that answers are to rest on',
    load: async () => (await import('../features/sources/sources-command.ts')).sourcesCommand(),
  },
  {
    name: 'worker',
    term: 'worker [options]',
    summary: 'work some or all stages until stopped',
    load: async () => (await import('../features/run/worker-command.ts')).workerCommand(),
  },
  {
    name: 'ingest',
    term: 'ingest [options] <files...>',
    summary: 'put questions in, for workers to work',
    load: async () => (await import('../features/questions/ingest-command.ts')).ingestCommand(),
  },
  {
    name: 'serve',
    term: 'serve [options]',
    summary: 'a page that shows the stream at work, and an HTTP API that takes questions',
    load: async () => (await import('../features/serve/serve-command.ts')).serveCommand(),
  },
  {
    name: 'topics',
    term: 'topics',
    summary: 'make the topics of a namespace, or look at them',
    load: async () => (await import('../features/upkeep/topics/topics-command.ts')).topicsCommand(),
  },
  {
    name: 'gc',
    term: 'gc [options]',
    summary: 'take out old lanes, dead letters and records',
    load: async () => (await import('../features/upkeep/gc-command.ts')).gcCommand(),
  },
  {
    name: 'forget',
    term: 'forget [options] [id]',
    summary: 'delete questions and all that came of them, for good',
    load: async () => (await import('../features/upkeep/forget-command.ts')).forgetCommand(),
  },
  {
    name: 'doctor',
    term: 'doctor [options]',
    summary: 'look at everything that Millrace stands on, and say what to mend',
    load: async () =>
      (await import('../features/upkeep/doctor/doctor-command.ts')).doctorCommand(packageFacts().version),
  },
  {
    name: 'prompts',
    term: 'prompts [options] <dir>',
    summary: 'write the built-in prompts, as a start for your own',
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
    summary: 'list training types, formats and other parts, and who brought them',
    load: async () => (await import('../features/upkeep/plugins-command.ts')).pluginsCommand(),
  },
  {
    name: 'prices',
    term: 'prices [options] [part]',
    summary: 'what models cost, when and where that was read; update FILE puts in newer ones',
    load: async () => (await import('../features/upkeep/prices-command.ts')).pricesCommand(),
  },
];
