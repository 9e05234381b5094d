import { Command, Option } from 'commander';
import { addDataFlags, settingsOf } from '../../infra/config/flags/flags.ts';
import { assertNoLink } from '../../infra/config/flags/named-places.ts';
import { settingFlag } from '../../infra/config/flags/setting-flags.ts';
import type { Settings } from '../../infra/config/settings.ts';
import type { Engine } from '../../infra/engines/engine.ts';
import { FILE_TYPES } from '../../infra/export/encoders/encoder.ts';
import { packageFacts } from '../../infra/package-facts.ts';
import { registerTypesOfLane } from '../../infra/plugins/load-types.ts';
import { EXIT } from '../../infra/terminal/exit-code.ts';
import { fitted } from '../../infra/terminal/fitted.ts';
import { print } from '../../infra/terminal/print.ts';
import { REVIEWERS } from '../../stages/dataset/example-filter.ts';
import { SPLIT_BY } from '../../stages/dataset/split.ts';
import { DEFAULT_FORMAT } from '../../stages/formats/index.ts';
import { assertLane } from '../../stages/lanes/assert-lane.ts';
import { MAIN_LANE } from '../../stages/lanes/lane.ts';
import { topicsOf } from '../../stages/stage-names.ts';
import { Failure } from '../../streams/failure.ts';
import { laneName } from '../replay/replay-flags.ts';
import { displayFor } from '../run/display/display-for.ts';
import { wholeNumber } from '../run/run-flags.ts';
import { openData } from '../run/session/open-data.ts';
import { namespaceOf } from '../run/session/session.ts';
import { defaultFormat } from './default-format.ts';
import { exportDataset } from './export-dataset.ts';
import {
  destinationOf,
  type ExportFlags,
  exportContradictionIn,
  exportFilterOf,
  heldPartOf,
  OWN_FLAGS,
  score,
  versionDestinationOf,
} from './export-flags.ts';
import type { ExportProgress } from './export-progress.ts';
import {
  contextTurnReport,
  exportReport,
  isWithoutExample,
  ledgerReport,
  scoreReport,
} from './export-report.ts';
import { exportAsVersion, exportLedger, exportVersion, type LedgerExport } from './export-version.ts';
import { resolveSince } from './since.ts';

/** `millrace export`: the dataset in a trainer's format. */
export function exportCommand(): Command {
  const command = new Command('export')
    .description(
      'Writes the approved examples for a trainer, with a dataset card. Works beside a run, and asks no model.',
    )
    .addOption(settingFlag('out', { value: '<path>' }))
    .addOption(settingFlag('format'))
    .addOption(new Option('--file-type <type>', 'default: what the ending of --out says').choices(FILE_TYPES))
    .option('--split <shares>', '90/5/5: train, validation and test in a directory, the same for ever')
    .addOption(
      new Option('--split-by <what>', 'all of a topic, or of a source text, in one part').choices(SPLIT_BY),
    )
    .option('--lane <name>', `one pass over the questions (default: ${MAIN_LANE})`, laneName)
    .option('--topic <name>', 'only examples of this topic')
    .option('--sub-topic <name>', 'only examples of this sub-topic')
    .option('--training-type <name>', 'only examples of this training type')
    .option('--min-score <n>', 'examples whose lowest score is at least this, rejected ones too', score)
    .addOption(
      new Option('--reviewer <who>', 'only what a person, or the judge alone, approved').choices(REVIEWERS),
    )
    .option(
      '--skip-marks',
      'without examples that hold marks which trainers obey (<image>, </s> …), or unseen letters',
    )
    .option('--without <parts>', 'strip system prompts or tools: system,tools', heldPartOf)
    .addOption(settingFlag('contextTurn'))
    .option(
      '--distractors <n>',
      'of rag: so many passages besides that the answer does not rest on',
      wholeNumber,
    )
    .option('--rejected', 'the rejected examples instead')
    .option('--since <version|time>', 'only what was approved after a version, or after a time')
    .option('--as-version <name>', 'keep it as a version, which can be made again to the byte')
    .option('--version <name>', 'make a version again')
    .addOption(settingFlag('license'));
  return addDataFlags(command)
    .addHelpText('after', HELP)
    .action((flags: ExportFlags) => exportAll(flags, command));
}

const HELP = `
Examples:
  $ millrace export --format sharegpt --out sharegpt.jsonl
  $ millrace export --format dpo --out pairs.parquet
  $ millrace export --split 90/5/5 --out dataset --min-score 8
  $ millrace export --as-version v1 --split 90/10 --out v1
  $ millrace export --version v1 --out v1-again
  $ millrace export --since v1 --as-version v2 --out new.jsonl
  $ millrace export --format record --out all.jsonl --license cc-by-4.0

Exit codes: 0 written, 6 no example to write, so that an earlier dataset is left
as it is, 2 wrong usage or configuration, 1 something broke.`;

async function exportAll(flags: ExportFlags, command: Command): Promise<void> {
  const settings = await settingsOf(command, OWN_FLAGS);
  assertNoLink('out', settings, command);
  const contradiction = exportContradictionIn({
    ...flags,
    ...(settings.format === undefined ? {} : { format: settings.format }),
  });
  if (contradiction !== undefined) throw new Failure('fatal', 'bad_flags', contradiction);
  // A wrong flag is told of before anything is opened.
  const { format = DEFAULT_FORMAT } = settings;
  destinationOf(flags, { ...settings, format }, false);
  await using data = await openData(settings);
  const { engine, simulated } = data;
  const { lines, nothing } = await report({ engine, simulated, settings, flags });
  print(fitted(lines.join('\n')));
  if (nothing) process.exitCode = EXIT.noExample;
}

type Opened = Readonly<{ engine: Engine; simulated: boolean; settings: Settings; flags: ExportFlags }>;

/** `nothing`: no example was written. */
type Report = Readonly<{ lines: readonly string[]; nothing: boolean }>;

async function report(opened: Opened): Promise<Report> {
  const { engine, simulated, settings, flags } = opened;
  const { lane = MAIN_LANE, since, asVersion, version } = flags;
  if (version !== undefined) return versionReport(opened, version);
  await assertLane(engine.store, lane);
  await registerTypesOfLane(engine.store, lane);
  const filter = exportFilterOf({ ...flags, contextTurn: settings.contextTurn });
  const query = { lane, verdict: flags.rejected === true ? ('rejected' as const) : ('approved' as const) };
  const format = settings.format ?? (await defaultFormat(engine.store.reports, query, filter));
  const destination = destinationOf(flags, { ...settings, format }, simulated);
  if (since === undefined && asVersion === undefined) {
    const display = await displayFor({});
    const onProgress = (progress: ExportProgress) => display.writing(progress);
    const { finder } = engine;
    const count = flags.distractors ?? 0;
    const distracting = finder === undefined || count === 0 ? undefined : { finder, count };
    const options = { ...destination, query, filter, onProgress, distracting };
    const exported = await exportDataset(engine.store, options).finally(() => display.end());
    const beside = [...scoreReport(flags, exported), ...contextTurnReport(flags.contextTurn, format)];
    return { lines: [...exportReport(exported, simulated), ...beside], nothing: isWithoutExample(exported) };
  }
  const port = portOf(opened);
  const request = {
    ...{ lane, filter },
    ...{ format: destination.format, fileType: destination.fileType },
    ...(destination.split === undefined ? {} : { split: destination.split }),
    ...(since === undefined ? {} : { since: await sinceOf(opened, since) }),
  };
  const tool = `millrace ${packageFacts().version}`;
  const exported =
    asVersion === undefined
      ? await exportLedger(port, request, destination)
      : await exportAsVersion(port, { name: asVersion, tool, request }, destination);
  const { lines, nothing } = reportOf(exported, simulated);
  return { lines: [...lines, ...contextTurnReport(flags.contextTurn, format)], nothing };
}

async function versionReport(opened: Opened, name: string): Promise<Report> {
  const { simulated, settings, flags } = opened;
  const exported = await exportVersion(portOf(opened), name, ({ wish: request }) =>
    versionDestinationOf(flags, settings, request, simulated),
  );
  return reportOf(exported, simulated);
}

function reportOf(exported: LedgerExport, simulated: boolean): Report {
  const lines = [...exportReport(exported, simulated), ...ledgerReport(exported)];
  return { lines, nothing: isWithoutExample(exported) };
}

function portOf({ engine, settings, simulated }: Opened) {
  return { engine, namespace: namespaceOf(settings, simulated) };
}

function sinceOf({ engine, settings, simulated }: Opened, since: string) {
  const topic = topicsOf(namespaceOf(settings, simulated)).dataset;
  return resolveSince(since, { versions: engine.store.versions, log: engine.log, topic });
}
