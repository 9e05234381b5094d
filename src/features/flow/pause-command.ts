import { Argument, Command } from 'commander';
import { addDataFlags, settingsOf } from '../../infra/config/flags/flags.ts';
import { assertKnownName, stageFlag } from '../../infra/config/flags/stage-flag.ts';
import { print } from '../../infra/terminal/print.ts';
import { type StageName, stageNames } from '../../stages/stage-names.ts';
import { openData, SIMULATED_NOTE } from '../run/session/open-data.ts';

const WHAT = {
  pause: 'Lets a stage take no more records, in every process. What is at work finishes; the others go on.',
  resume: 'Lets a paused stage go on.',
} as const;

/** `millrace pause STAGE` and `millrace resume STAGE`. */
export function pauseCommand(order: 'pause' | 'resume'): Command {
  const command = new Command(order)
    .description(`${WHAT[order]} Workers follow within a few seconds, and after a restart too.`)
    .addArgument(
      new Argument('<stage>', 'which stage')
        .choices(stageNames())
        .argParser((text) => stageFlag(stageNames(), text)),
    );
  return addDataFlags(command)
    .addHelpText('after', `\nExamples:\n  $ millrace ${order} research\n  $ millrace status`)
    .action((stage: StageName) => act(order, stage, command));
}

async function act(order: 'pause' | 'resume', stage: StageName, command: Command): Promise<void> {
  const settings = await settingsOf(command);
  assertKnownName(stageNames(), [stage]);
  await using data = await openData(settings);
  const { engine, simulated } = data;
  await engine.store.pauses[order](stage);
  const paused = await engine.store.pauses.list();
  const names = paused.map((each) => each.stage).join(', ');
  if (simulated) print(SIMULATED_NOTE);
  print(names === '' ? 'No stage is paused.' : `Paused: ${names}.`);
}
