import { Command, InvalidArgumentError } from 'commander';
import { addDataFlags, newRecipeFlag, portNumber, settingsOf } from '../../infra/config/flags/flags.ts';
import { priceFlag } from '../../infra/config/flags/price-flag.ts';
import { addSettingFlags, settingFlag } from '../../infra/config/flags/setting-flags.ts';
import { addShadowFlags } from '../../infra/config/flags/shadow-flags.ts';
import { assertKnownName, stageFlag } from '../../infra/config/flags/stage-flag.ts';
import { settingsSchema } from '../../infra/config/settings.ts';
import { EXIT } from '../../infra/terminal/exit-code.ts';
import { logStream } from '../../infra/terminal/log-stream.ts';
import { note } from '../../infra/terminal/print.ts';
import { type StageName, stageNames } from '../../stages/stage-names.ts';
import { closeAfter } from '../../streams/closing.ts';
import { Failure } from '../../streams/failure.ts';
import { addPageFlags, type PageFlags, servePage } from '../serve/serve-page.ts';
import { newMetrics, startWorkerServer } from '../serve/worker-server.ts';
import { announce } from './announce.ts';
import { dayPause } from './progress/budget-text.ts';
import { untilSpent } from './progress/run-budget.ts';
import { openSession } from './session/open-session.ts';
import type { Session } from './session/session.ts';
import { drainOnSignals } from './session/signals.ts';

/** A stage, or the judges that work beside one. */
type WorkedName = StageName | 'shadow';

type WorkerFlags = Readonly<{
  log?: true;
  stage?: readonly WorkedName[];
  port?: number;
  host: string;
  drainSeconds?: number;
  newRecipe?: true;
}> &
  PageFlags;

/** `millrace worker`: some or all stages at work until stopped. */
export function workerCommand(): Command {
  const command = new Command('worker')
    .description(
      'Runs the stages until it is stopped. Start more workers to share a stage, up to one per partition. SIGTERM drains, commits and leaves the group.',
    )
    .option(
      '--stage <list>',
      `stages, such as research,review (default: ${stageNames().join(',')}); shadow for the shadow judges alone`,
      stageList,
    );
  addSettingFlags(command, 'batchSize', 'concurrency', 'model', 'baseUrl')
    .addOption(priceFlag())
    .addOption(settingFlag('maxCost', { help: 'end when this process has spent this many US dollars' }))
    .addOption(settingFlag('maxTokens', { help: 'end when this process has spent this many tokens' }))
    .addOption(
      settingFlag('maxCostPerDay', {
        help: 'pause when all processes that share the store have spent this in one day (UTC)',
      }),
    );
  addSettingFlags(command, 'maxTokensPerDay', 'holdScores', 'holdShare')
    .addOption(newRecipeFlag())
    .addOption(settingFlag('simulate'))
    .option('--log', 'write the log to standard error too: JSON lines, pretty on a terminal')
    .addOption(settingFlag('otlpEndpoint'))
    .option('--port <n>', 'answer /livez, /readyz and /metrics here', portNumber)
    .option('--host <address>', 'where to listen', '127.0.0.1');
  addPageFlags(command).option(
    '--drain-seconds <n>',
    `how long calls in flight may take to finish at a stop (default: ${settingsSchema.shape.drainMs.parse(undefined) / 1_000})`,
    wholeSeconds,
  );
  return addDataFlags(addShadowFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ millrace worker --kafka localhost:9092 --mongo mongodb://localhost:27017
  $ millrace worker --stage research --port 8432 --kafka … --mongo …
  $ millrace worker --ui
  $ millrace worker --stage shadow --shadow strict=gpt-4o --kafka … --mongo …
  $ millrace worker --kafka … --mongo … --max-cost-per-day 20`,
    )
    .action((flags: WorkerFlags) => work(flags, command));
}

async function work(flags: WorkerFlags, command: Command): Promise<void> {
  const { drainMs, ...rest } = await settingsOf(command);
  const settings = {
    ...rest,
    drainMs: flags.drainSeconds === undefined ? drainMs : flags.drainSeconds * 1_000,
  };
  const { port, host, stage: worked = stageNames() } = flags;
  assertKnownName([...stageNames(), 'shadow'], worked);
  const stages = stageNames().filter((name) => worked.includes(name));
  const shadows = worked.includes('shadow') || worked.includes('review');
  if (stages.length === 0 && Object.keys(settings.shadows).length === 0) throw noShadow();
  const metrics = port === undefined ? undefined : await newMetrics();
  await closeAfter(async (opened) => {
    const session = await openSession({
      settings,
      stages,
      shadows,
      newRecipe: flags.newRecipe,
      onNotice: note,
      logTo: flags.log === true ? await logStream(process.stderr) : undefined,
      onEvent: (event) => metrics?.onEvent(event),
    });
    opened.defer(() => session.close());
    const signals = drainOnSignals(session.stop, note);
    opened.defer(() => signals.off());
    let at = '';
    if (port !== undefined && metrics !== undefined) {
      const wantsToken = flags.token !== false;
      const health = await startWorkerServer(session, { port, host, metrics, wantsToken, note });
      opened.defer(() => health.close());
      at = `; health and metrics at ${health.address}`;
    }
    // Probes are answered, and signals heard, until the work has ended.
    opened.defer(() => session.close());
    announce(session, { note });
    const started = stages.filter((stage) => session.stages.has(stage));
    note(`At work: ${[...started, ...session.shadows.stages.keys()].join(', ')}${at}`);
    const page = await servePage(session, flags, note);
    opened.defer(() => page?.close());
    sayPauses(session, note);
    const spent = untilSpent(session.budget, ['run']);
    const end = await Promise.race([session.stop.untilDraining(), session.broken, spent]);
    if (end === 'run') note('The budget of this process is used up: it ends. Nothing is lost.');
    process.exitCode = end === 'run' ? EXIT.budgetSpent : EXIT.ok;
    session.stop.drain();
  });
}

function sayPauses({ budget }: Session, note: (text: string) => void): void {
  let paused = false;
  budget.states.subscribe((state) => {
    const spent = state.kind === 'spent' && state.scope === 'day';
    if (spent !== paused) note(spent ? dayPause(budget.day.today) : 'The budget has room again: going on.');
    paused = spent;
  });
}

function stageList(text: string): readonly WorkedName[] {
  return text.split(',').map((name) => {
    const known: readonly WorkedName[] = [...stageNames(), 'shadow'];
    return stageFlag(known, name.trim());
  });
}

function noShadow(): Failure {
  const message = 'Which shadow judge? Name one: millrace worker --stage shadow --shadow strict=gpt-4o';
  return new Failure('fatal', 'no_shadow', message);
}

function wholeSeconds(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError(`Expected whole seconds, got ${text}.`);
  return Number(text);
}
