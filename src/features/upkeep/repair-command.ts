import { Command } from 'commander';
import { addDataFlags, settingsOf } from '../../infra/config/flags/flags.ts';
import { isSimulated } from '../../infra/config/model/is-simulated.ts';
import { plural } from '../../infra/terminal/format.ts';
import { note, printFound } from '../../infra/terminal/print.ts';
import type { ChatModel } from '../../stages/agent/chat-model.ts';
import { Failure } from '../../streams/failure.ts';
import { openSession } from '../run/session/open-session.ts';
import { askAgain } from './losses.ts';
import { repairStranded } from './stranded.ts';

/** `millrace repair`: questions whose next record is gone go on. */
export function repairCommand(): Command {
  const command = new Command('repair')
    .description(
      'Restarts questions that stand still because their next record is gone: deleted, cut by retention, or lost with a broker. Each record is made again from what is stored; nothing that is done is worked or paid for again. While any record waits, nothing is repaired. Questions that the topic still holds but the database does not know, because it was dropped, are asked again. Workers do the rest.',
    )
    .option('--json', 'as JSON');
  return addDataFlags(command)
    .addHelpText(
      'after',
      '\nExamples:\n  $ millrace repair\n  $ millrace repair --kafka localhost:9092 --mongo mongodb://localhost:27017',
    )
    .action((flags: Readonly<{ json?: true }>) => repair(flags, command));
}

async function repair({ json }: Readonly<{ json?: true }>, command: Command): Promise<void> {
  const settings = await settingsOf(command);
  const model = nobody(isSimulated(settings));
  const session = await openSession({ settings, model, stages: [], onNotice: note });
  try {
    const repaired = await repairStranded(session);
    const asked = await askAgain(session.engine, session.namespace);
    printFound({ json }, { repaired, askedAgain: asked }, () => textOf(repaired, asked));
  } finally {
    await session.close();
  }
}

/** Nothing is asked here, so no key is needed. */
function nobody(simulated: boolean): ChatModel {
  const complete = () => Promise.reject(new Failure('fatal', 'no_model', 'A repair asks no model.'));
  return { address: 'nobody', simulated, complete };
}

function textOf(repaired: number, asked: number): string {
  if (repaired + asked === 0) return 'No question stands still, and none is missing: nothing was done.';
  return [
    ...(repaired === 0 ? [] : [`${plural(repaired, 'question')} republished from what is stored.`]),
    ...(asked === 0 ? [] : [`${plural(asked, 'question')} that the store does not know asked again.`]),
    'Workers, or the same run again, work them.',
  ].join('\n');
}
