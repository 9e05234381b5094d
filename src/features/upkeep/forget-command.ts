import { Command } from 'commander';
import { addDeletingFlags, type DeletingFlags } from '../../infra/config/flags/flags.ts';
import { plural } from '../../infra/terminal/format.ts';
import { note, printFound } from '../../infra/terminal/print.ts';
import { Failure } from '../../streams/failure.ts';
import { forgetSources } from '../sources/forget-source-command.ts';
import { confirmed, openForDeleting } from './deleting.ts';
import { type ForgetTarget, forget, planForget } from './forget.ts';
import { doneText, forgetPlanText } from './forget-text.ts';

type ForgetFlags = DeletingFlags & Readonly<{ run?: string; topic?: string; source?: string }>;

/** `millrace forget`: deletes questions and all that came of them, for good. */
export function forgetCommand(): Command {
  const command = new Command('forget')
    .description(
      'Permanently deletes questions and everything made from them, in every lane: results, examples, dead letters, records. They stay deleted: asking them again brings nothing. Works beside a run; if it is interrupted, run it again to finish.',
    )
    .argument('[id]', 'a question’s id, or the beginning of one')
    .option('--run <id>', 'every question that a run asked for')
    .option('--topic <name>', 'every question of this subject')
    .option(
      '--source <name>',
      'a source, and every question that cites it: NAME, NAME/PATH, HOST, HOST/PATH or mcp:SERVER',
    );
  return addDeletingFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  $ millrace forget 3fa2c1 --dry-run           what there is of it
  $ millrace forget 3fa2c1d07b6e4f21a9c05d83 --yes
  $ millrace forget --topic medicine
  $ millrace forget --source manuals/pump.pdf    with all that cites it

Not reached: files that were exported before (export them again), back-ups,
and, on Kafka, old values until "millrace gc --records" deletes them.`,
    )
    .action((id: string | undefined, flags: ForgetFlags) => forgetQuestions(id, flags, command));
}

async function forgetQuestions(id: string | undefined, flags: ForgetFlags, command: Command): Promise<void> {
  if (flags.source !== undefined && id === undefined && flags.run === undefined && flags.topic === undefined)
    return forgetSources(flags.source, flags, command);
  const target = targetOf(id, flags);
  const place = await openForDeleting(command);
  const { namespace, settings } = place;
  await using engine = place.engine;
  const plan = await planForget(engine, namespace, target);
  const nothing = plan.ids.length === 0 && plan.unfinished.length === 0;
  const dry = flags.dryRun === true || nothing;
  if (flags.json !== true) note(forgetPlanText(plan, namespace));
  if (flags.dryRun === true && flags.json !== true)
    note('Dry run: nothing was erased. The same command without --dry-run erases it.');
  if (!dry && !(await confirmed(`Delete ${plural(plan.ids.length, 'question')} for good?`, flags))) return;
  const done = dry ? undefined : await forget(engine, { namespace, data: settings.data }, plan);
  const { ids, holdings, unfinished, waiting } = plan;
  const about = { onMongo: settings.mongo !== undefined, id: ids[0] ?? unfinished[0] };
  printFound(flags, { namespace, ids, holdings, unfinished, waiting, done: done ?? null }, () =>
    done === undefined ? '' : doneText(done, about),
  );
}

function targetOf(id: string | undefined, { run, topic, source }: ForgetFlags): ForgetTarget {
  const targets: ForgetTarget[] = [
    ...(id === undefined ? [] : [{ kind: 'question', id } as const]),
    ...(run === undefined ? [] : [{ kind: 'run', run } as const]),
    ...(topic === undefined ? [] : [{ kind: 'subject', topic } as const]),
  ];
  const [target, ...more] = targets;
  if (target !== undefined && more.length === 0 && source === undefined) return target;
  const message = 'Expected one of a question’s id, --run RUN, --topic NAME, or --source NAME.';
  throw new Failure('fatal', 'bad_usage', message);
}
