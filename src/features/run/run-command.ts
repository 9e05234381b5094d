import { Command, Option } from 'commander';
import { addDataFlags, newRecipeFlag } from '../../infra/config/flags/flags.ts';
import { priceFlag } from '../../infra/config/flags/price-flag.ts';
import { addSettingFlags } from '../../infra/config/flags/setting-flags.ts';
import { addShadowFlags } from '../../infra/config/flags/shadow-flags.ts';
import { agentStages } from '../../stages/stage-names.ts';
import { addInputFlags, INPUT_HELP } from '../questions/input-flags.ts';
import { addPageFlags } from '../serve/serve-page.ts';
import { runFiles } from './run-files.ts';
import { agent, type RunFlags, shareOf, wholeNumber } from './run-flags.ts';
import { TARGET_SCOPES } from './target/target.ts';

/** `millrace run`: questions in, reviewed examples out. */
export function runCommand(): Command {
  const command = new Command('run')
    .description(
      'Reads questions, works them through five stages, and writes what passed review. Run the same command again to continue where it stopped; nothing is paid for twice.',
    )
    .argument('[files...]', INPUT_HELP);
  addSettingFlags(command, 'topic', 'subTopic', 'trainingType', 'userTurn', 'language', 'batchSize');
  addSettingFlags(command, 'concurrency', 'model', 'baseUrl', 'temperature', 'maxOutputTokens');
  command.addOption(priceFlag());
  addSettingFlags(command, 'maxCost', 'maxTokens', 'maxCostPerDay', 'maxTokensPerDay', 'minScore');
  addSettingFlags(command, 'maxRevisions', 'holdScores', 'holdShare', 'otlpEndpoint');
  addAmountFlags(command);
  addSettingFlags(command, 'research', 'researchSource', 'cite', 'unanswerable', 'prompts');
  command
    .option(
      '--redo <agent>',
      `work the questions again from this agent on, beside the old results: ${agentStages().join(', ')}`,
      agent,
    )
    .addOption(newRecipeFlag())
    .option('--retry-failed', 'retry dead letters');
  addSettingFlags(command, 'out', 'format', 'contextTurn', 'license', 'simulate');
  addPageFlags(command)
    .option('--json', 'progress and summary as JSON lines')
    .option('--quiet', 'print nothing but errors and the summary');
  return addDataFlags(addShadowFlags(addInputFlags(command)))
    .addHelpText('after', HELP)
    .action((files: readonly string[], flags: RunFlags) => runFiles(files, flags, command));
}

const HALF = 0.5;

/** How much of its input a run takes, and when it has enough. */
function addAmountFlags(command: Command): void {
  command
    .option('--max-questions <n>', 'take at most this many questions', wholeNumber)
    .addOption(
      new Option('--max-bad <share>', 'do not start if more of the first 1,000 lines cannot be read')
        .argParser(shareOf)
        .default(HALF, '50%'),
    )
    .option('--target <n>', 'stop once this many examples are approved', wholeNumber)
    .addOption(
      new Option('--target-per <scope>', 'as many of each topic, or of each sub-topic').choices(
        TARGET_SCOPES,
      ),
    )
    .option(
      '--estimate [n]',
      'work a sample of n questions (default: 5), and forecast time and cost of all',
      wholeNumber,
    );
}

const HELP = `
Examples:
  $ millrace run questions.jsonl
  $ millrace run questions.jsonl --model gpt-4o-mini --concurrency research=20
  $ millrace run q.jsonl --base-url http://localhost:11434/v1 --model qwen3:8b
  $ millrace run questions.jsonl --dry-run --simulate latency=100ms,errors=5%
  $ millrace run questions.jsonl --redo generation --prompts my-prompts
  $ millrace run questions.jsonl --estimate 20
  $ millrace run questions.jsonl --max-cost 5.00 --max-cost-per-day 20
  $ millrace run questions.jsonl --target 500 --target-per topic
  $ millrace run questions.jsonl --ui
  $ millrace run questions.jsonl --shadow strict=gpt-4o
  $ millrace run --retry-failed

Keys: OPENAI_API_KEY, or the variable that the setting apiKeyVariable names.
Without a key and a base URL, a simulated model plays the agents.

Exit codes; where several fit, the first of 130, 1, 2, 4, 6, 5, 3, 0:
  0    every question reached an end, or waits for a person; with --target,
       the target is reached, whatever else failed
  1    something broke
  2    wrong usage or configuration, or no line of the input could be read,
       or more were bad than --max-bad allows
  3    as 0, but some questions ended as dead letters
  4    the budget is used up; the same command goes on
  5    the questions ended before --target was reached
  6    questions were asked, and no example came of it
  130  stopped by Ctrl-C; the same command goes on`;
