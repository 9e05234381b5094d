import { Command } from 'commander';
import { exportDataset } from '../../runs/dataset.ts';
import { exportFormatNamed, exportFormats } from '../../stages/formats/index.ts';
import { MAIN_LANE } from '../../stages/lane.ts';
import type { LaneName } from '../../streams/work.ts';
import { addDataFlags, settingsOf } from '../flags.ts';
import { count, plural } from '../format.ts';
import { assertLane } from '../known-lane.ts';
import { openData, SIMULATED_NOTE } from '../open-data.ts';
import { laneName } from '../replay/replay-flags.ts';

type ExportFlags = Readonly<{ lane: LaneName; rejected?: boolean }>;

/** `millrace export`: the dataset in a trainer's format. */
export function exportCommand(): Command {
  const command = new Command('export')
    .summary('write the approved examples into a file')
    .description('Writes every approved example as JSONL, with a dataset card. Works beside a run.')
    .option('--out <file>', 'where it goes (default: dataset.jsonl)')
    .option('--format <name>', `${exportFormats.join(', ')} (default: openai)`)
    .option('--lane <name>', 'one pass over the questions', laneName, MAIN_LANE)
    .option('--rejected', 'the rejected examples instead')
    .option('--license <id>', 'licence that the dataset card names');
  return addDataFlags(command)
    .addHelpText(
      'after',
      '\nExamples:\n  $ millrace export --format sharegpt --out sharegpt.jsonl\n  $ millrace export --format record --out all.jsonl --license cc-by-4.0',
    )
    .action((flags: ExportFlags) => exportAll(flags, command));
}

async function exportAll({ lane, rejected }: ExportFlags, command: Command): Promise<void> {
  const settings = await settingsOf(command);
  const format = exportFormatNamed(settings.format);
  const { engine, simulated } = await openData(settings);
  try {
    await assertLane(engine.store, lane);
    const query = { lane, verdict: rejected === true ? ('rejected' as const) : ('approved' as const) };
    const { out, license } = settings;
    const { dataset, card, info, insteadOf } = await exportDataset(engine.store, {
      query,
      out,
      format,
      simulated,
      license,
    });
    const lines = [
      ...(simulated ? [SIMULATED_NOTE] : []),
      `${plural(dataset.written, 'example')} in ${dataset.path} (${format}), described in ${card}`,
      ...(info === undefined ? [] : [`LLaMA-Factory finds it through ${info}`]),
      ...(insteadOf === undefined
        ? []
        : [`${insteadOf} holds real data, which a simulated export does not replace.`]),
      ...[...dataset.skipped].map(([reason, n]) => `${count(n)} left out: ${reason}`),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  } finally {
    await engine.close();
  }
}
