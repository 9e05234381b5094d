import { Command } from 'commander';
import { addPlaceFlags, settingsOf } from '../../infra/config/flags/flags.ts';
import { priceFlag } from '../../infra/config/flags/price-flag.ts';
import { addSettingFlags, settingFlag } from '../../infra/config/flags/setting-flags.ts';
import { assertKnownName } from '../../infra/config/flags/stage-flag.ts';
import { isSimulated } from '../../infra/config/model/is-simulated.ts';
import { extraBodiesOf } from '../../infra/config/model/model-settings.ts';
import type { Settings } from '../../infra/config/settings.ts';
import { openEngine } from '../../infra/engines/open-engine.ts';
import { pricesWith } from '../../infra/models/prices.ts';
import { printFound } from '../../infra/terminal/print.ts';
import { stageNames } from '../../stages/stage-names.ts';
import { statuses } from '../../stages/status.ts';
import { REPLAY_MODES } from '../../stages/store/replay-plan.ts';
import { closeAfter } from '../../streams/closing.ts';
import { announce } from '../run/announce.ts';
import { displayFor } from '../run/display/display-for.ts';
import { whileShown } from '../run/display/watch.ts';
import { openSession } from '../run/session/open-session.ts';
import { namespaceOf } from '../run/session/session.ts';
import { drainOnSignals } from '../run/session/signals.ts';
import { estimateReplay } from './estimate-replay.ts';
import { keepReplay, type OpenedReplay, planReplay, type ReplayArguments } from './open-replay.ts';
import { laneName, type ReplayFlags, replayMode, requestOf, stageName, statusList } from './replay-flags.ts';
import { estimateJson, estimateText, replayExitCode, replayJson, replayText } from './replay-summary.ts';
import { runReplay } from './run-replay.ts';

/** `millrace replay`: a stage's topic read again. */
export function replayCommand(): Command {
  const command = new Command('replay')
    .description(
      'Reads a stage’s topic again, in a consumer group of its own, up to where it ended when the replay began. republish publishes stored results again and costs no call; reprocess works the questions again in a lane of its own, beside the old results. --lane alone continues one that was started.',
    )
    .requiredOption('--lane <name>', 'names the replay, and the lane that a reprocess opens', laneName)
    .option('--stage <name>', `whose topic is read: ${stageNames().join(', ')}`, stageName)
    .option('--mode <mode>', REPLAY_MODES.join(' or '), replayMode)
    .option('--from <place>', 'beginning, 1200, 0:1200,3:800 or 2026-11-01T00:00Z (default: beginning)')
    .option('--to <place>', 'the same, not included (default: the end as it is now)')
    .option('--source <lane>', 'the lane whose records are read (default: main)', laneName)
    .option('--topic <name>', 'only questions of this subject')
    .option('--sub-topic <name>', 'only questions of this narrower subject')
    .option('--status <list>', 'only questions that stand at one of these in the source lane', statusList)
    .addOption(settingFlag('model', { help: 'another model: for every agent, or generation=B,review=C' }))
    .addOption(settingFlag('prompts', { help: 'other prompts and rubric' }))
    .addOption(settingFlag('temperature', { help: 'another sampling temperature' }))
    .addOption(settingFlag('maxOutputTokens', { help: 'another longest answer, in tokens' }))
    .addOption(settingFlag('minScore', { help: 'another lowest score that passes' }))
    .addOption(settingFlag('maxRevisions', { help: 'another number of revisions' }))
    .addOption(priceFlag())
    .addOption(settingFlag('maxCost', { help: 'spend no more US dollars than this' }))
    .addOption(settingFlag('maxTokens', { help: 'spend no more tokens than this, in and out' }));
  addSettingFlags(command, 'batchSize', 'concurrency', 'baseUrl')
    .addOption(
      settingFlag('simulate', { help: 'rehearse on the data of the simulated model: latency=300ms' }),
    )
    .option('--only-replay', 'end when the topic is read, and leave the stages behind it to workers')
    .option('--dry-run', 'only count messages, calls and money')
    .option('--json', 'progress and summary as JSON lines')
    .option('--quiet', 'print nothing but errors and the summary');
  return addPlaceFlags(command)
    .addHelpText('after', HELP)
    .action((flags: ReplayFlags) => replay(flags, command));
}

const HELP = `
Examples:
  $ millrace replay --stage generation --mode reprocess --lane second \\
      --model gpt-4o --dry-run
  $ millrace replay --stage generation --mode reprocess --lane second \\
      --model gpt-4o
  $ millrace replay --stage review --mode reprocess --lane strict \\
      --min-score 9 --status rejected --topic chemistry
  $ millrace replay --stage storage --mode republish --lane ledger-again \\
      --from 2026-11-01T00:00Z
  $ millrace replay --lane second   continues after Ctrl-C, a crash or kill -9
  $ millrace compare main second

Exit codes are those of millrace run.`;

async function replay(flags: ReplayFlags, command: Command): Promise<void> {
  // Here these two say which questions are meant, and a dry run counts instead of simulating.
  const settings = await settingsOf(command, ['dryRun', 'topic', 'subTopic']);
  if (flags.stage !== undefined) assertKnownName(stageNames(), [flags.stage]);
  assertKnownName(statuses(), flags.status ?? []);
  const request = await requestOf(flags, settings);
  if (flags.dryRun === true) return dryRun(request, settings, flags);
  await closeAfter(async (closing) => {
    const display = await displayFor(flags);
    closing.defer(() => display.end());
    const opened = Promise.withResolvers<OpenedReplay>();
    const session = await openSession({
      settings,
      stages: flags.onlyReplay === true ? [] : undefined,
      openLane: async (engine, namespace) => {
        const known = await keepReplay(
          engine.store,
          await planReplay(engine, namespace, request, extraBodiesOf(settings)),
        );
        opened.resolve(known);
        return known.lane;
      },
    });
    closing.defer(() => session.close());
    announce(session, display);
    const signals = drainOnSignals(session.stop, (text) => display.note(text));
    closing.defer(() => signals.off());
    const known = await opened.promise;
    const summary = await whileShown(session, display, (onStarted) =>
      session.within(runReplay(session, known, { onlyReplay: flags.onlyReplay === true, onStarted })),
    );
    printFound(flags, replayJson(summary), () => replayText(summary));
    process.exitCode = replayExitCode(summary, flags.onlyReplay === true);
  });
}

async function dryRun(request: ReplayArguments, settings: Settings, { json }: ReplayFlags): Promise<void> {
  const namespace = namespaceOf(settings, isSimulated(settings));
  await using engine = await openEngine({ settings, namespace, mode: 'read' });
  const known = await planReplay(engine, namespace, request, extraBodiesOf(settings));
  const estimate = await estimateReplay(engine, namespace, known, pricesWith(settings.prices));
  printFound({ json }, estimateJson(known.plan, estimate), () => estimateText(known.plan, estimate));
}
