import { EXIT } from '../../infra/terminal/exit-code.ts';
import { count, duration, money, plural, spending } from '../../infra/terminal/format.ts';
import type { ReplayPlan } from '../../stages/store/replay-plan.ts';
import { plainSpending } from '../run/display/json-display.ts';
import { sameData, samePlace } from '../run/place-flags.ts';
import { SIMULATED_NOTE } from '../run/session/open-data.ts';
import type { ReplayEstimate } from './estimate-replay.ts';
import type { ReplaySummary } from './run-replay.ts';

/** The end of a replay as a person reads it. */
export function replayText(summary: ReplaySummary): string {
  const { plan, simulated, reading, spent, seconds, isRead } = summary;
  const isReprocess = isReprocessed(plan);
  const { usage, costUsd, unpricedCalls, calls } = spent;
  const { taken, read, messages } = reading;
  const what = isReprocess ? 'worked again' : 'published again';
  return [
    '',
    ...(simulated ? [SIMULATED_NOTE] : []),
    `${titleOf(plan)}: ${count(read)} of ${plural(messages, 'message')} read, ${count(taken)} ${what} in ${duration(seconds)}.`,
    ...(isReprocess ? [endsText(summary)] : []),
    `${plural(calls, 'call')} in this process, ${spending(usage.input + usage.output, costUsd, unpricedCalls)}.`,
    ...(summary.budgetSpent === undefined ? [] : ['The budget is used up: nothing more is called.']),
    ...(isRead && taken === 0 && calls === 0 ? ['Everything was done before: nothing was paid for.'] : []),
    '',
    'Next:',
    ...nextLines(summary).map((line) => `  ${line}`),
  ].join('\n');
}

function isReprocessed({ wish: request }: ReplayPlan): boolean {
  return request.mode === 'reprocess';
}

function titleOf(plan: ReplayPlan): string {
  const { name, wish: request } = plan;
  const { stage, source } = request;
  return isReprocessed(plan)
    ? `${stage} of ${source}, reprocessed in the lane ${name}`
    : `${stage} of ${source}, republished (${name})`;
}

function endsText({ counts, open, dead }: ReplaySummary): string {
  const ends = [`${count(counts.approved)} approved`, `${count(counts.rejected)} rejected`];
  if (counts.dead_lettered > 0) ends.push(`${count(counts.dead_lettered)} dead-lettered`);
  if (counts.held > 0) ends.push(`${count(counts.held)} held for a person`);
  if (open > 0) ends.push(`${count(open)} not done yet`);
  if (dead > 0) ends.push(`${plural(dead, 'dead letter')} of the replay itself`);
  return `The lane: ${ends.join(', ')}.`;
}

function nextLines({ plan, isRead, open }: ReplaySummary): string[] {
  const { name, wish: request } = plan;
  const [place, data] = [samePlace(), sameData()];
  const more =
    isRead && open === 0 ? [] : [`millrace replay --lane ${name}${place}  goes on where this one stopped`];
  if (request.mode === 'republish')
    return [...more, `millrace topics lag${data}  how far the stages behind are`];
  return [
    ...more,
    `millrace compare ${request.source} ${name}${data}  verdicts and scores side by side`,
    `millrace export --lane ${name} --out ${name}.jsonl${data}  its examples`,
  ];
}

export function replayJson(summary: ReplaySummary): object {
  const { plan, spent, ...rest } = summary;
  return { type: 'summary', ...planJson(plan), ...rest, spent: plainSpending(spent) };
}

/** What a replay would do, as a person reads it. */
export function estimateText(plan: ReplayPlan, estimate: ReplayEstimate): string {
  const { messages, matching, works, calls, costUsd, unpricedWorks, unknownWorks } = estimate;
  const { wish: request } = plan;
  const isReprocess = isReprocessed(plan);
  const price =
    unpricedWorks === 0
      ? money(costUsd)
      : `${money(costUsd)} + ${plural(unpricedWorks, 'work')} of unknown price`;
  const asBefore = 'going by what the same works took before';
  const repriced = Object.keys(request.changes).some((name) => name.startsWith('model of '));
  return [
    `${titleOf(plan)}. Dry run: nothing is called, published or kept.`,
    `${plural(messages, 'message')} to read, ${count(matching)} of them meant.`,
    isReprocess
      ? `${plural(works, 'question')} to work again: ${plural(calls, 'call')}, ${price}, ${asBefore}${repriced ? ', at the price of the new model' : ''}.`
      : `${plural(works, 'stored result')} to publish again: 0 calls, ${money(0)}.`,
    ...(unknownWorks === 0 ? [] : [unknownText(unknownWorks, isReprocess)]),
  ].join('\n');
}

function unknownText(unknownWorks: number, isReprocess: boolean): string {
  return isReprocess
    ? `${plural(unknownWorks, 'question')} among them without a stored result: their calls are not in these numbers.`
    : `${plural(unknownWorks, 'message')} without a stored result: left to those who work the stage.`;
}

export function estimateJson(plan: ReplayPlan, estimate: ReplayEstimate): object {
  return { type: 'estimate', ...planJson(plan), ...estimate };
}

function planJson({ name, wish: request, group, begin, end, startedAt }: ReplayPlan): object {
  const plain = (offsets: ReadonlyMap<number, bigint>) =>
    Object.fromEntries([...offsets].map(([partition, offset]) => [partition, Number(offset)]));
  return { lane: name, ...request, group, begin: plain(begin), end: plain(end), startedAt };
}

export function replayExitCode(summary: ReplaySummary, onlyReplay: boolean): number {
  const { isRead, open, counts, dead, budgetSpent } = summary;
  if (!isRead || (open > 0 && !onlyReplay))
    return budgetSpent === undefined ? EXIT.interrupted : EXIT.budgetSpent;
  return counts.dead_lettered > 0 || dead > 0 ? EXIT.someDead : EXIT.ok;
}
