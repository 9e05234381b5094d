import { Command, InvalidArgumentError } from 'commander';
import { addPlaceFlags, settingsOf } from '../../infra/config/flags/flags.ts';
import { settingFlag } from '../../infra/config/flags/setting-flags.ts';
import { isSimulated } from '../../infra/config/model/is-simulated.ts';
import type { Settings } from '../../infra/config/settings.ts';
import { openEngine } from '../../infra/engines/open-engine.ts';
import { EXIT } from '../../infra/terminal/exit-code.ts';
import { plural } from '../../infra/terminal/format.ts';
import { note, printFound } from '../../infra/terminal/print.ts';
import { Failure } from '../../streams/failure.ts';
import { announce } from '../run/announce.ts';
import { wholeNumber } from '../run/run-flags.ts';
import { assertNamesModel, openData } from '../run/session/open-data.ts';
import { openSession } from '../run/session/open-session.ts';
import { namespaceOf, type Session } from '../run/session/session.ts';
import { drainOnSignals } from '../run/session/signals.ts';
import { StopController } from '../run/session/stop-controller.ts';
import { addFilters, deadLetterQueryOfFlags, type FilterFlags } from './filters.ts';
import type { RedriveOptions } from './redrive.ts';
import { type Redriven, type RedriveWaitOptions, redriveBeside, redriveHere } from './redrive-and-wait.ts';
import { redriveForecast } from './redrive-forecast.ts';
import { forecastText, redrivenText } from './redrive-text.ts';

type RedriveFlags = FilterFlags &
  Readonly<{
    model?: string;
    maxOutputTokens?: number;
    maxAttempts?: number;
    dryRun?: boolean;
    wait: boolean;
    json?: boolean;
  }>;

/** These change the works that are sent again, and no setting. */
const OWN_FLAGS = ['model', 'maxOutputTokens', 'maxAttempts', 'dryRun'] as const;

/** `millrace redrive`: dead letters on their way again. */
export function redriveCommand(): Command {
  const command = addFilters(
    new Command('redrive').description(
      'Retries dead letters; success closes them. However many operators do so, each letter is sent once. On Kafka, or beside a process that is at work on the data, others work them and this waits for the outcome; otherwise it works them itself.',
    ),
  )
    .option('--model <name>', 'another model for these works alone')
    .option('--max-output-tokens <n>', 'longest answer of these works, in tokens', wholeNumber)
    .option('--max-attempts <n>', 'calls for each of them, the first included', attempts)
    .option('--no-wait', 'do not wait for what becomes of them')
    .addOption(settingFlag('baseUrl', { help: 'the model server, where this process works them itself' }))
    .addOption(settingFlag('simulate', { help: 'the simulated model and its data: latency=300ms,errors=5%' }))
    .option('--json', 'as JSON');
  return addPlaceFlags(command.option('--dry-run', 'count them and say what they may cost; send nothing'))
    .addHelpText('after', EXAMPLES)
    .action((flags: RedriveFlags) => run(flags, command));
}

const EXAMPLES = `
Examples:
  $ millrace redrive --dry-run
  $ millrace redrive --class transient --since 2h
  $ millrace redrive --stage review --class refused --model gpt-4.1
  $ millrace redrive --class truncated --max-output-tokens 32000
  $ millrace redrive --question 3fa2 --kafka … --mongo … --no-wait

Exit codes: 0 all came to a good end or were sent, 3 some died again, 130
stopped before the outcome was known.`;

async function run(flags: RedriveFlags, command: Command): Promise<void> {
  const settings = await settingsOf(command, OWN_FLAGS);
  if (flags.dryRun === true) return forecast(flags, settings);
  assertNamesModel(settings);
  const stop = new StopController();
  const options = { ...optionsOf(flags), wait: flags.wait };
  const session = settings.kafka === undefined && flags.wait ? await sessionIfFree(settings) : undefined;
  const signals = drainOnSignals(session?.stop ?? stop, note, STOPPING);
  try {
    const redriven =
      session === undefined
        ? await beside(settings, stop, options)
        : await session.within(here(session, options));
    printFound(flags, asJson(redriven), () => redrivenText(redriven, flags.wait));
    process.exitCode = exitCode(redriven, flags.wait);
  } finally {
    await session?.close();
    signals.off();
  }
}

const STOPPING = 'Stopping: what is sent stays sent, and nothing more is. Ctrl-C again stops at once.';

function optionsOf({
  model,
  maxOutputTokens,
  maxAttempts,
  ...filters
}: RedriveFlags): RedriveOptions & Omit<RedriveWaitOptions, 'wait'> {
  const changed = [model, maxOutputTokens, maxAttempts].some((value) => value !== undefined);
  return {
    query: deadLetterQueryOfFlags(filters),
    override: changed ? { model, maxOutputTokens, maxAttempts } : undefined,
    onSent: (deadLetters) => note(`${plural(deadLetters, 'dead letter')} sent again.`),
    onOthers: (deadLetters) =>
      note(
        `${plural(deadLetters, 'dead letter')} being sent by another operator: looking whether they are still at it.`,
      ),
    onCut: (deadLetters) =>
      note(
        `${plural(deadLetters, 'dead letter')} not sent: only the beginning of the record was kept, because the whole is too large. millrace dead-letters says where it is.`,
      ),
    onQuiet: () =>
      note(
        'Nothing has come to an end for a while. Is a worker of these stages running? Ctrl-C leaves them to it.',
      ),
  };
}

/** `undefined` where another process is at work on the data: it works what is sent. */
async function sessionIfFree(settings: Settings): Promise<Session | undefined> {
  try {
    return await openSession({ settings, onNotice: note });
  } catch (error) {
    if (error instanceof Failure && error.code === 'data_in_use') return undefined;
    throw error;
  }
}

async function here(session: Session, options: RedriveOptions & RedriveWaitOptions): Promise<Redriven> {
  announce(session, { note });
  return redriveHere(session, options);
}

async function beside(
  settings: Settings,
  stop: StopController,
  options: RedriveOptions & RedriveWaitOptions,
): Promise<Redriven> {
  const namespace = namespaceOf(settings, isSimulated(settings));
  await using engine = await openEngine({ settings, namespace, mode: 'append' });
  const { store, log } = engine;
  return await redriveBeside({ store, log, stop: stop.signals.draining }, options);
}

async function forecast(flags: RedriveFlags, settings: Settings): Promise<void> {
  await using data = await openData(settings);
  const { engine } = data;
  const query = deadLetterQueryOfFlags(flags);
  const expected = await redriveForecast(engine.store.deadLetters, query);
  const counts = await engine.store.deadLetters.stats({ ...query, lives: ['open'] });
  printFound(flags, { ...expected, counts }, () => forecastText(expected, counts));
}

function asJson({ deadLetters, outcome }: Redriven) {
  return { sent: deadLetters, succeeded: outcome.closed, diedAgain: outcome.open, waiting: outcome.waiting };
}

function exitCode({ outcome }: Redriven, waited: boolean): number {
  if (waited && outcome.waiting > 0) return EXIT.interrupted;
  return outcome.open > 0 ? EXIT.someDead : EXIT.ok;
}

function attempts(text: string): number {
  const number = wholeNumber(text);
  if (number > 100) throw new InvalidArgumentError(`Expected at most 100, got ${text}.`);
  return number;
}
