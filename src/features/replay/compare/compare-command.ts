import { Command } from 'commander';
import { addDataFlags, settingsOf } from '../../../infra/config/flags/flags.ts';
import { printableJson } from '../../../infra/terminal/format.ts';
import { print } from '../../../infra/terminal/print.ts';
import { assertLane } from '../../../stages/lanes/assert-lane.ts';
import type { LaneName } from '../../../streams/work/work.ts';
import { openData, SIMULATED_NOTE } from '../../run/session/open-data.ts';
import { laneName } from '../replay-flags.ts';
import { type Compared, compareLanes, isDifferent } from './compare.ts';
import { Comparison } from './comparison.ts';
import { comparedText, headText, type LaneNames, totalsText } from './comparison-text.ts';
import { costOfLane } from './lane-cost.ts';

type CompareFlags = Readonly<{ json?: boolean; onlyDifferent?: boolean }>;

/** `millrace compare`: two lanes side by side. */
export function compareCommand(): Command {
  const command = new Command('compare')
    .description(
      'Shows every question that is in both lanes, with its verdict and scores in each, then the totals. Works beside a run.',
    )
    .argument('<laneA>', 'such as main', laneName)
    .argument('<laneB>', 'the lane of a replay or a redo', laneName)
    .option('--only-different', 'only questions that ended differently')
    .option('--json', 'as JSON lines: one per question, then the totals');
  return addDataFlags(command)
    .addHelpText(
      'after',
      '\nExamples:\n  $ millrace compare main second\n  $ millrace compare main second --only-different\n  $ millrace compare main second --json | tail -1 | jq .totals',
    )
    .action((a: LaneName, b: LaneName, flags: CompareFlags) => compare({ a, b }, flags, command));
}

async function compare(lanes: LaneNames, flags: CompareFlags, command: Command): Promise<void> {
  await using data = await openData(await settingsOf(command));
  const { engine, simulated } = data;
  const { store } = engine;
  for (const lane of [lanes.a, lanes.b]) await assertLane(store, lane);
  if (flags.json !== true) print(`${simulated ? `${SIMULATED_NOTE}\n\n` : ''}${headText(lanes)}`);
  const comparison = new Comparison();
  const existing = [store.reports.questionsOf(lanes.a), store.reports.questionsOf(lanes.b)] as const;
  for await (const pair of compareLanes(...existing)) {
    comparison.add(pair);
    if (pair.kind !== 'both' || (flags.onlyDifferent === true && !isDifferent(pair.compared))) continue;
    print(flags.json === true ? lineOf(pair.compared) : comparedText(pair.compared));
  }
  const costs = { a: await costOfLane(store, lanes.a), b: await costOfLane(store, lanes.b) };
  const { totals } = comparison;
  if (flags.json === true) print(printableJson({ type: 'totals', simulated, lanes, totals, costs }));
  else print(totalsText(lanes, totals, costs));
}

function lineOf({ questionId, text, a, b }: Compared): string {
  return printableJson({ type: 'question', questionId, text, a, b });
}
