import { Command } from 'commander';
import { settingsOf } from '../../infra/config/flags/flags.ts';
import { openIndexOf } from '../../infra/documents/index/of-settings.ts';
import { alignedColumns, plural, printable } from '../../infra/terminal/format.ts';
import { printAll } from '../../infra/terminal/print.ts';
import { closeAfter } from '../../streams/closing.ts';
import { sameData } from '../run/place-flags.ts';
import { openData } from '../run/session/open-data.ts';
import { sourceFlags } from './open-index.ts';
import { type StaleQuestion, staleQuestions } from './stale.ts';

/** `millrace sources stale`: the questions that rest on text which has gone. */
export function staleCommand(): Command {
  const command = new Command('stale')
    .summary('questions that rest on text which is no longer indexed')
    .description(
      'The questions whose quotes are no longer in the index: their text was changed or removed. Ask them again with: millrace run FILE --redo research',
    );
  return sourceFlags(command).action((flags: Readonly<{ json?: true }>) => stale(command, flags));
}

async function stale(command: Command, { json }: Readonly<{ json?: true }>): Promise<void> {
  const settings = await settingsOf(command);
  const found = await closeAfter(async (opened) => {
    const { engine } = await openData(settings);
    opened.defer(() => engine.close());
    const index = await openIndexOf(settings);
    opened.defer(async () => index.close());
    return staleQuestions(engine.store.evidence, index);
  });
  printAll({ json }, found, () => staleText(found));
}

function staleText(found: readonly StaleQuestion[]): string {
  if (found.length === 0) return 'Every quote is still in the index.';
  const rows = found.map(({ questionId, lane, sources }) => [
    ...[questionId, lane, printable(sources.map((each) => each.replace('documents:', '')).join(', '), 200)],
  ]);
  return [
    alignedColumns([['question', 'lane', 'rests on'], ...rows]),
    `${plural(found.length, 'question')} on text that has changed or gone. Ask again: millrace run FILE --redo research${sameData()}`,
  ].join('\n');
}
