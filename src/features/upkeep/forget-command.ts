import { Command } from 'commander';
import { addDeletingFlags, type DeletingFlags } from '../../infra/config/flags/flags.ts';
import { fitted } from '../../infra/terminal/fitted.ts';
import { count, jsonText, plural } from '../../infra/terminal/format.ts';
import { Failure } from '../../streams/failure.ts';
import { confirmed, type DeletingPlace, openForDeleting } from './deleting.ts';
import { type ForgetPlan, type ForgetTarget, type Forgotten, forget, planForget } from './forget.ts';

type ForgetFlags = DeletingFlags & Readonly<{ run?: string; topic?: string }>;

/** `millrace forget`: deletes questions and all that came of them, for good. */
export function forgetCommand(): Command {
  const command = new Command('forget')
    .description(
      'Deletes questions and all that came of them, in every lane: results, examples, dead letters, records. They stay out: whoever asks them again gets nothing. Works beside a run; an interrupted call is finished by the next.',
    )
    .argument('[id]', 'a question’s id, or the beginning of one')
    .option('--run <id>', 'every question that a run asked for')
    .option('--topic <name>', 'every question of this subject');
  return addDeletingFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  $ millrace forget 3fa2c1 --dry-run           what there is of it
  $ millrace forget 3fa2c1d07b6e4f21a9c05d83 --yes
  $ millrace forget --topic medicine

Not reached: files that were exported before (export them again), back-ups,
and, on Kafka, old values until "millrace gc --records" takes them out.`,
    )
    .action((id: string | undefined, flags: ForgetFlags) => forgetQuestions(id, flags, command));
}

async function forgetQuestions(id: string | undefined, flags: ForgetFlags, command: Command): Promise<void> {
  const target = targetOf(id, flags);
  const place = await openForDeleting(command);
  try {
    const { engine, namespace, settings } = place;
    const plan = await planForget(engine, namespace, target);
    const nothing = plan.ids.length === 0 && plan.unfinished.length === 0;
    if (flags.json !== true) process.stderr.write(`${fitted(planText(plan, namespace), process.stderr)}\n`);
    const dry = flags.dryRun === true || nothing;
    if (!dry && !(await confirmed(`Delete ${plural(plan.ids.length, 'question')} for good?`, flags))) return;
    const done = dry ? undefined : await forget(engine, { namespace, data: settings.data }, plan);
    if (flags.json === true) process.stdout.write(`${asJson(plan, done, place)}\n`);
    else if (done !== undefined)
      process.stdout.write(`${fitted(doneText(done, place.settings.mongo !== undefined))}\n`);
  } finally {
    await place.engine.close();
  }
}

function targetOf(id: string | undefined, { run, topic }: ForgetFlags): ForgetTarget {
  const targets: ForgetTarget[] = [
    ...(id === undefined ? [] : [{ kind: 'question', id } as const]),
    ...(run === undefined ? [] : [{ kind: 'run', run } as const]),
    ...(topic === undefined ? [] : [{ kind: 'subject', topic } as const]),
  ];
  const [target, ...more] = targets;
  if (target !== undefined && more.length === 0) return target;
  throw new Failure('fatal', 'bad_usage', 'Expected one of a question’s id, --run RUN, or --topic NAME.');
}

function planText({ ids, holdings, unfinished, waiting }: ForgetPlan, namespace: string): string {
  const { questions, submissions, works, examples, deadLetters } = holdings;
  const held = `${count(questions)} in lanes, ${plural(submissions, 'submission')}, ${plural(works, 'work')}, ${plural(examples, 'example')}, ${plural(deadLetters, 'dead letter')}`;
  return [
    `${plural(ids.length, 'question')} of ${namespace}: ${held}; and their records in every topic.`,
    ...(unfinished.length === 0
      ? []
      : [`${plural(unfinished.length, 'question')} of an interrupted call will be finished as well.`]),
    ...(waiting === 0
      ? []
      : [
          `${plural(waiting, 'record')} wait for stage 1: what they ask is not known yet. Do it again when they are stored.`,
        ]),
  ].join('\n');
}

function doneText({ questions, journaled, records, traces }: Forgotten, onMongo: boolean): string {
  const left =
    records === 'erased'
      ? 'Their records are emptied.'
      : 'Each topic has a tombstone for them. Old values stay on Kafka until "millrace gc --records" takes them out: from the ledger (the topic dataset) whatever their age, from the other topics once every reader is past them and they are older than its --older-than.';
  const traced = onMongo
    ? 'MongoDB drops what its journal and oplog hold by and by.'
    : 'A run is at work: traces may be left in the free space of the file. The same command again, without one, takes them out.';
  return [
    `${plural(questions, 'question')} forgotten. ${left}`,
    ...(journaled === 0 ? [] : [`${plural(journaled, 'answer')} in journals here erased.`]),
    ...(onMongo ? ['Journals of workers on other machines drop theirs at their next start.'] : []),
    ...(traces === 'shredded' ? [] : [traced]),
    'Files that were exported before still hold them: export again.',
  ].join('\n');
}

function asJson(plan: ForgetPlan, done: Forgotten | undefined, { namespace }: DeletingPlace): string {
  const { ids, holdings, unfinished, waiting } = plan;
  return jsonText({ namespace, ids, holdings, unfinished, waiting, done: done ?? null });
}
