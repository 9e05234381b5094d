import { alignedColumns, count, plural, printable } from '../../../infra/terminal/format.ts';
import type { GroupReport, TargetReport } from './target.ts';

/** What a run has reached of its target, and what is missing where. */
export function targetLines(report: TargetReport, interrupted: boolean): string[] {
  const { approved, per, groups, missing, beyond, passedBy } = report;
  const reached = groups.length > 0 && missing === 0;
  const each = per === undefined ? '' : ` of each ${per}`;
  const head = reached
    ? `Target reached: ${count(approved)} approved${each}.`
    : `Target of ${count(approved)} approved${each} not reached: ${missingText(report)}${why(interrupted)}.`;
  return [
    head,
    ...(per === undefined ? [] : [table(groups)]),
    ...(passedBy > 0 ? [`${plural(passedBy, 'question')} not asked: their ${per ?? 'run'} had enough.`] : []),
    ...(beyond > 0 ? [`${count(beyond)} approved beyond the target: kept, and not exported.`] : []),
  ];
}

function missingText({ groups, missing, per }: TargetReport): string {
  if (groups.length === 0) return 'there were no questions';
  const short = groups.filter((group) => group.missing > 0).length;
  return per === undefined
    ? `${count(missing)} missing`
    : `${count(missing)} missing in ${plural(short, per)}`;
}

function why(interrupted: boolean): string {
  return interrupted ? '; the run was stopped before' : '; the questions have ended';
}

function table(groups: readonly GroupReport[]): string {
  const head = ['  topic', 'approved', 'rejected', 'failed', 'missing'];
  const rows = groups.map(({ name, approved, rejected, failed, missing }) => [
    `  ${printable(name, 60) || '(none)'}`,
    ...[approved, rejected, failed, missing].map(count),
  ]);
  return alignedColumns([head, ...rows]);
}
