import type { Command } from 'commander';
import type { DeletingFlags } from '../../infra/config/flags/flags.ts';
import { openIndexOf } from '../../infra/documents/index/of-settings.ts';
import { plural, printable } from '../../infra/terminal/format.ts';
import { note, printFound } from '../../infra/terminal/print.ts';
import { closeAfter } from '../../streams/closing.ts';
import { confirmed, openForDeleting } from '../upkeep/deleting.ts';
import { doneText, forgetPlanText } from '../upkeep/forget-text.ts';
import { type ForgetSourcePlan, forgetSource, planForgetSource } from './forget-source.ts';

/** `millrace forget --source`: takes a source back, with all that cites it. */
export async function forgetSources(text: string, flags: DeletingFlags, command: Command): Promise<void> {
  const { engine, namespace, settings } = await openForDeleting(command);
  await closeAfter(async (opened) => {
    opened.defer(() => engine.close());
    const index = await openIndexOf(settings);
    opened.defer(async () => index.close());
    const place = { engine, index, namespace, data: settings.data };
    const plan = await planForgetSource(place, text);
    const dry = flags.dryRun === true;
    if (flags.json !== true) note(sourcePlanText(plan, { namespace, dry }));
    const asked = `Forget ${printable(plan.key)} and ${plural(plan.questions.ids.length, 'question')} for good?`;
    if (!dry && !(await confirmed(asked, flags))) return;
    const done = dry ? undefined : await forgetSource(place, plan);
    const { key, unfinished, documents, questions, seen } = plan;
    const about = { namespace, key, unfinished, documents, questions: questions.ids, seen };
    const told = { ...about, holdings: questions.holdings };
    printFound(flags, { ...told, done: done ?? null }, () =>
      done === undefined ? '' : doneText(done, { onMongo: settings.mongo !== undefined }),
    );
  });
}

/** What goes and what stays; of a rehearsal what would, that nothing has gone yet, and how it goes. */
export function sourcePlanText(
  { key, unfinished, documents, questions, seen }: ForgetSourcePlan,
  { namespace, dry }: Readonly<{ namespace: string; dry: boolean }>,
): string {
  const leaves = dry ? 'would leave' : documents === 1 ? 'leaves' : 'leave';
  return [
    documents === 0
      ? `${printable(key)}: nothing of it stands in the index of documents.`
      : `${printable(key)}: ${plural(documents, 'document')} ${leaves} the index for good.`,
    ...unfinished.map((each) => `${printable(each)}: begun by an interrupted call, and finished as well.`),
    ...(seen === 0
      ? []
      : [`${plural(seen, 'question')} only saw it: answers stay, the steps of their research go.`]),
    `The questions that cite it ${dry ? 'would be forgotten' : 'are forgotten'}:`,
    `  ${forgetPlanText(questions, namespace)}`,
    ...(dry ? ['Dry run: nothing was erased. The same command without --dry-run erases it.'] : []),
  ].join('\n');
}
