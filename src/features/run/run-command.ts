import { Command, Option } from 'commander';
import {
  addDataFlags,
  NEW_RECIPE_HELP,
  NEW_RECIPE_OPTION,
  portNumber,
  settingsOf,
} from '../../infra/config/flags/flags.ts';
import { assertNoLink } from '../../infra/config/flags/named-places.ts';
import { collected, PRICE_HELP, PRICE_OPTION } from '../../infra/config/flags/price-flag.ts';
import { settingFlag } from '../../infra/config/flags/setting-flags.ts';
import { addShadowFlags } from '../../infra/config/flags/shadow-flags.ts';
import type { Settings } from '../../infra/config/settings.ts';
import { fileTypeOf } from '../../infra/export/dataset-path.ts';
import { assertReplaceable } from '../../infra/files/replace-file.ts';
import { expandSources } from '../../infra/input/sources/expand-sources.ts';
import { type ExportFormat, exportFormatNamed } from '../../stages/formats/index.ts';
import { agentStages } from '../../stages/stage-names.ts';
import { trainingTypeNamed } from '../../stages/training-types/index.ts';
import { closeAfter } from '../../streams/closing.ts';
import { Failure } from '../../streams/failure.ts';
import { defaultFormat } from '../dataset/default-format.ts';
import { exportDataset } from '../dataset/export-dataset.ts';
import { shadowsBeside } from '../judges/shadow-lines.ts';
import { addInputFlags, INPUT_HELP, inputOptionsOf } from '../questions/input-flags.ts';
import { assertInputKept } from '../questions/keep-input.ts';
import { type QuestionFile, questionFile } from '../questions/question-file.ts';
import { PAGE_HELP, PAGE_HOST_HELP, PAGE_OPTION, showPageBeside } from '../serve/page-beside.ts';
import { NO_TOKEN_HELP, NO_TOKEN_OPTION } from '../serve/page-link.ts';
import { announce } from './announce.ts';
import type { Display } from './display/display.ts';
import { displayFor } from './display/display-for.ts';
import { watchRun } from './display/watch.ts';
import { estimate } from './estimate/print-estimate.ts';
import { RunProgressReader } from './progress/run-progress.ts';
import { type RunSummary, runQuestions } from './run.ts';
import { runExitCode } from './run-exit-code.ts';
import {
  agent,
  type RunFlags,
  runContradictionIn,
  sampleSizeOf,
  shareOf,
  targetOf,
  wholeNumber,
} from './run-flags.ts';
import { openSession } from './session/open-session.ts';
import type { Session } from './session/session.ts';
import { drainOnSignals } from './session/signals.ts';
import { printSummary } from './summary.ts';
import { TARGET_SCOPES } from './target/target.ts';

/** `millrace run`: questions in, reviewed examples out. */
export function runCommand(): Command {
  const command = new Command('run')
    .description(
      'Reads questions, works them through five stages, and writes what passed review. Run the same command again to continue where it stopped; nothing is paid for twice.',
    )
    .argument('[files...]', INPUT_HELP)
    .addOption(settingFlag('topic'))
    .addOption(settingFlag('subTopic'))
    .addOption(settingFlag('trainingType'))
    .addOption(settingFlag('userTurn'))
    .addOption(settingFlag('language'))
    .addOption(settingFlag('batchSize'))
    .addOption(settingFlag('concurrency'))
    .addOption(settingFlag('model'))
    .addOption(settingFlag('baseUrl'))
    .addOption(settingFlag('temperature'))
    .addOption(settingFlag('maxOutputTokens'))
    .option(PRICE_OPTION, PRICE_HELP, collected)
    .addOption(settingFlag('maxCost'))
    .addOption(settingFlag('maxTokens'))
    .addOption(settingFlag('maxCostPerDay'))
    .addOption(settingFlag('maxTokensPerDay'))
    .addOption(settingFlag('minScore'))
    .addOption(settingFlag('maxRevisions'))
    .addOption(settingFlag('holdScores'))
    .addOption(settingFlag('holdShare'))
    .addOption(settingFlag('otlpEndpoint'))
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
    )
    .addOption(settingFlag('research'))
    .addOption(settingFlag('researchSource'))
    .addOption(settingFlag('unanswerable'))
    .addOption(settingFlag('prompts'))
    .option(
      '--redo <agent>',
      `work the questions again from this agent on, beside the old results: ${agentStages().join(', ')}`,
      agent,
    )
    .option(NEW_RECIPE_OPTION, NEW_RECIPE_HELP)
    .option('--retry-failed', 'retry dead letters')
    .addOption(settingFlag('out'))
    .addOption(settingFlag('format'))
    .addOption(settingFlag('contextTurn'))
    .addOption(settingFlag('license'))
    .addOption(settingFlag('simulate'))
    .option(PAGE_OPTION, PAGE_HELP, portNumber)
    .option('--ui-host <address>', PAGE_HOST_HELP, '127.0.0.1')
    .option(NO_TOKEN_OPTION, NO_TOKEN_HELP)
    .option('--json', 'progress and summary as JSON lines')
    .option('--quiet', 'print nothing but errors and the summary');
  return addDataFlags(addShadowFlags(addInputFlags(command)))
    .addHelpText('after', HELP)
    .action((files: readonly string[], flags: RunFlags) => run(files, flags, command));
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

const HALF = 0.5;

async function run(files: readonly string[], flags: RunFlags, command: Command): Promise<void> {
  const settings = await settingsOf(command);
  const chosen = checked(settings, files, flags);
  assertNoLink('out', settings, command);
  const sources = await expandSources(files);
  await assertInputKept(sources, settings.out);
  await assertReplaceable(settings.out);
  await closeAfter(async (opened) => {
    const display = await displayFor(flags);
    opened.defer(() => display.end());
    const note = (text: string) => display.note(text);
    const questions =
      sources.length === 0
        ? undefined
        : questionFile({ sources, input: inputOptionsOf(settings, flags), out: settings.out }, display);
    opened.defer(() => questions?.close());
    await questions?.look(flags.maxBad, flags.maxQuestions);
    const session = await openSession({
      settings,
      redo: flags.redo,
      newRecipe: flags.newRecipe,
      shadows: flags.estimate === undefined,
      onNotice: note,
    });
    opened.defer(() => session.close());
    announce(session, display);
    const page = await showPageBeside(session, flags, note);
    opened.defer(() => page?.close());
    const signals = drainOnSignals(session.stop, note);
    opened.defer(() => signals.off());
    await runOrEstimate(session, { questions, chosen, flags, display, onWorked: () => signals.off() });
  });
}

type Running = Readonly<{
  questions: QuestionFile | undefined;
  chosen: ExportFormat | undefined;
  flags: RunFlags;
  display: Display;
  onWorked(): void;
}>;

async function runOrEstimate(
  session: Session,
  { questions, chosen, flags, display, onWorked }: Running,
): Promise<void> {
  const { settings } = session;
  const size = sampleSizeOf(flags);
  if (size !== undefined && questions !== undefined) {
    const { summary } = await estimate(session, questions, { size, flags, display });
    if (summary.interrupted) process.exitCode = runExitCode(summary, false);
    return;
  }
  const summary = await work(session, questions, flags, display).finally(onWorked);
  if (!summary.interrupted) questions?.assertRead();
  const { store } = session.engine;
  const query = {
    lane: session.lane.name,
    verdict: 'approved',
    // A run that asks nothing new completes the lane's dataset: it never replaces it by its own few.
    ...(questions === undefined ? {} : { run: summary.run }),
  } as const;
  const exported = await exportDataset(store, {
    query,
    out: settings.out,
    format: chosen ?? (await defaultFormat(store.reports, query)),
    fileType: fileTypeOf(settings.out),
    simulated: session.simulated,
    license: settings.license,
    language: settings.language,
    filter: { contextTurn: settings.contextTurn },
    stopped: summary.interrupted || summary.open > 0,
    target: targetOf(flags),
    // With a target, fewer may be written than were approved.
    expected: flags.target === undefined ? summary.counts.approved : undefined,
    onProgress: (progress) => display.writing(progress),
  });
  display.end();
  const shadows = await shadowsBeside(session, (text) => display.note(text));
  printSummary({ summary, exported, rejects: questions?.rejects(), shadows, flags });
  process.exitCode = runExitCode(summary, questions !== undefined && exported.dataset.written === 0);
}

async function work(
  session: Session,
  questions: QuestionFile | undefined,
  flags: RunFlags,
  display: Display,
): Promise<RunSummary> {
  let watch: ReturnType<typeof watchRun> | undefined;
  try {
    const running = runQuestions(session, {
      asked: questions?.asked(),
      input: questions?.name ?? 'dead letters',
      maxQuestions: flags.maxQuestions,
      target: targetOf(flags),
      redo: flags.redo,
      retryFailed: flags.retryFailed,
      onNotice: (text) => display.note(text),
      onStarted: (id) => {
        watch = watchRun(session, new RunProgressReader(session, id), display);
      },
    });
    return await session.within(running);
  } finally {
    await watch?.stop();
    await questions?.close();
  }
}

function checked(settings: Settings, files: readonly string[], flags: RunFlags): ExportFormat | undefined {
  trainingTypeNamed(settings.trainingType);
  if (files.length === 0 && flags.retryFailed !== true)
    throw new Failure(
      'fatal',
      'no_questions',
      'Which questions? Name a file, or - for standard input: millrace run questions.jsonl',
    );
  const contradiction = runContradictionIn(files[0], flags);
  if (contradiction !== undefined) throw new Failure('fatal', 'bad_flags', contradiction);
  return settings.format === undefined ? undefined : exportFormatNamed(settings.format);
}
