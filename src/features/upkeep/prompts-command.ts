import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { builtInPromptFiles } from '../../infra/config/files/prompt-files.ts';
import { print } from '../../infra/terminal/print.ts';
import { Failure } from '../../streams/failure.ts';

/** `millrace prompts`: the built-in prompts as files, to be changed and given to `run --prompts`. */
export function promptsCommand(): Command {
  return new Command('prompts')
    .description(
      'Writes the built-in prompts and the rubric into a directory, as a starting point for your own.',
    )
    .argument('<dir>', 'a directory; files that exist are left alone')
    .option('--verbose', 'show stack traces')
    .addHelpText(
      'after',
      '\nExample:\n  $ millrace prompts my-prompts && $EDITOR my-prompts/rubric.yaml\n  $ millrace run questions.jsonl --prompts my-prompts',
    )
    .action(writePrompts);
}

async function writePrompts(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [name, text] of builtInPromptFiles()) {
    const path = join(directory, name);
    const written = await writeFile(path, `${text}\n`, { flag: 'wx' }).then(
      () => 'written',
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return 'left alone';
        throw new Failure('fatal', 'bad_directory', `Cannot write ${path}: ${error.message}`, {
          cause: error,
        });
      },
    );
    print(`${written}: ${path}`);
  }
}
