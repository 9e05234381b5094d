import { Command, Help } from 'commander';
import { packageFacts } from '../infra/package-facts.ts';
import { COMMANDS, type ListedCommand } from './command-list.ts';

/**
 * The `millrace` command, with the commands in full that the arguments name; of the others only what the list says.
 * Throws CommanderErrors for a wrong command line instead of ending the process.
 */
export async function buildProgram(args: readonly string[]): Promise<Command> {
  const { version, description } = packageFacts();
  const program = new Command('millrace')
    .description(description)
    .version(version)
    .showHelpAfterError('(see --help)')
    .configureHelp({ subcommandTerm: termOf, subcommandDescription: summaryOf })
    // What stands after a command belongs to the command: `export --version NAME`.
    .enablePositionalOptions()
    .addHelpText(
      'after',
      `
Examples:
  $ millrace run questions.jsonl            questions in, dataset.jsonl out
  $ cat questions.txt | millrace run - --topic chemistry
  $ millrace run questions.csv --dry-run    a simulated model, at no cost
  $ millrace status                         progress and cost
  $ millrace show 3fa2                      one question's whole story`,
    );
  const commands = await Promise.all(
    COMMANDS.map((each) => (args.includes(each.name) ? each.load() : listed(each))),
  );
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands].flatMap(withInner)) {
    command.exitOverride();
    command.configureOutput({ outputError: (text, write) => write(withoutValue(text)) });
  }
  return program;
}

function withInner(command: Command): readonly Command[] {
  return [command, ...command.commands];
}

/** An unknown flag is named without its value, which may be a secret: `--http-token=…`. */
function withoutValue(text: string): string {
  return text.replace(/(unknown option '--?[\w-]+)=[\s\S]*?'(?=\n|$)/, "$1'");
}

function listed({ name, summary }: ListedCommand): Command {
  return new Command(name).summary(summary);
}

function termOf(command: Command): string {
  return listingOf(command)?.term ?? new Help().subcommandTerm(command);
}

function summaryOf(command: Command): string {
  return listingOf(command)?.summary ?? new Help().subcommandDescription(command);
}

function listingOf(command: Command): ListedCommand | undefined {
  return COMMANDS.find(({ name }) => name === command.name());
}
