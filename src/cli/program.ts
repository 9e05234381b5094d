import { Command } from 'commander';
import { packageFacts } from '../infra/package-facts.ts';
import { compareCommand } from './commands/compare.ts';
import { datasetCommand } from './commands/dataset.ts';
import { deadLettersCommand } from './commands/dead-letters.ts';
import { doctorCommand } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
import { forgetCommand } from './commands/forget.ts';
import { gcCommand } from './commands/gc.ts';
import { ingestCommand } from './commands/ingest.ts';
import { promptsCommand } from './commands/prompts.ts';
import { redriveCommand } from './commands/redrive.ts';
import { replayCommand } from './commands/replay.ts';
import { runCommand } from './commands/run.ts';
import { serveCommand } from './commands/serve.ts';
import { showCommand } from './commands/show.ts';
import { statusCommand } from './commands/status.ts';
import { topicsCommand } from './commands/topics.ts';
import { workerCommand } from './commands/worker.ts';

/** The `millrace` command. Throws CommanderErrors for a wrong command line instead of ending the process. */
export function buildProgram(): Command {
  const { version, description } = packageFacts();
  const program = new Command('millrace')
    .description(description)
    .version(version)
    .showHelpAfterError('(see --help)')
    // What stands after a command belongs to the command: `export --version NAME`.
    .enablePositionalOptions()
    .addHelpText(
      'after',
      `
Examples:
  $ millrace run questions.jsonl                  questions in, dataset.jsonl out
  $ cat questions.txt | millrace run - --topic chemistry
  $ millrace run questions.csv --dry-run          try it all with a simulated model, at no cost
  $ millrace status                               how far it is, what it cost
  $ millrace show 3fa2                            one question's whole story`,
    );
  const commands = [
    runCommand(),
    statusCommand(),
    showCommand(),
    deadLettersCommand(),
    redriveCommand(),
    exportCommand(),
    datasetCommand(),
    replayCommand(),
    compareCommand(),
    workerCommand(),
    ingestCommand(),
    serveCommand(),
    topicsCommand(),
    gcCommand(),
    forgetCommand(),
    doctorCommand(version),
    promptsCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands]) command.exitOverride();
  return program;
}
