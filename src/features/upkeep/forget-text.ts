import { count, plural, printable } from '../../infra/terminal/format.ts';
import type { ForgetPlan, WasForgotten } from './forget.ts';

const LONGEST = 600;

/** What forgetting would do. */
export function forgetPlanText(
  { ids, holdings, unfinished, waiting }: ForgetPlan,
  namespace: string,
): string {
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

type Forgetting = Readonly<{
  onMongo: boolean;
  /** A question that it forgot, where the same command would not find it any more. */
  id?: string | undefined;
}>;

/** What was forgotten, and where traces may be left. */
export function doneText(
  { questions, journaled, unerased, records, traces }: WasForgotten,
  { onMongo, id }: Forgetting,
): string {
  const left =
    records === 'erased'
      ? 'Their records are emptied.'
      : 'Each topic has a tombstone for them. Old values stay on Kafka until "millrace gc --records" deletes them: from the ledger (the topic dataset) whatever their age, from the other topics once every reader is past them and they are older than its --older-than.';
  const again = id === undefined ? 'run the same command again' : `forget ${id} again`;
  const traced = onMongo
    ? 'MongoDB drops what its journal and oplog hold, but not at once.'
    : `A run is at work: traces may be left in the free space of the file. Once no run is at work, ${again} to remove them.`;
  return [
    `${plural(questions, 'question')} forgotten. ${left}`,
    ...(journaled === 0 ? [] : [`${plural(journaled, 'answer')} in journals here erased.`]),
    ...(onMongo ? ['Journals of workers on other machines drop theirs at their next start.'] : []),
    ...unerasedLines(unerased),
    ...(traces === 'shredded' ? [] : [traced]),
    'Files that were exported before still hold them: export again.',
  ].join('\n');
}

function unerasedLines(unerased: WasForgotten['unerased']): readonly string[] {
  if (unerased.length === 0) return [];
  return [
    'NOT ERASED: these may still hold answers of them.',
    ...unerased.map(({ path, reason }) => `  ${printable(path, LONGEST)}: ${printable(reason, LONGEST)}`),
    '  What cannot be put right: delete the file once no run or worker uses its directory. Answers in it that the store lacks are then paid for again.',
  ];
}
