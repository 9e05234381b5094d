import type { Question } from '../../../stages/question.ts';
import { openCount } from '../../../stages/status.ts';
import { statusCounts } from '../../../stages/store/status-counts.ts';
import type { DatasetRow, StatusCounts, TopicCounts } from '../../../stages/store/store.ts';

export const TARGET_SCOPES = ['topic', 'sub-topic'] as const;
export type TargetScope = (typeof TARGET_SCOPES)[number];

/** So many approved examples: of the whole run, or of each topic or sub-topic. */
export type Target = Readonly<{ approved: number; per?: TargetScope | undefined }>;

/** What came of the questions that count towards one target. */
export type GroupReport = Readonly<{
  /** The topic, or `topic / sub-topic`; empty where the target is of the whole run. */
  name: string;
  approved: number;
  rejected: number;
  failed: number;
  held: number;
  open: number;
  missing: number;
  /** Approved above the target: kept, and not exported. */
  beyond: number;
}>;

export type TargetReport = Target &
  Readonly<{
    groups: readonly GroupReport[];
    missing: number;
    beyond: number;
    /** Questions that were not asked, since their topic had enough. */
    passedBy: number;
  }>;

type Labels = Pick<Question, 'topic' | 'subTopic'>;

/** Names what a question counts towards. */
export function targetGroupOf({ per }: Target, { topic, subTopic }: Labels): string {
  if (per === undefined) return '';
  return per === 'topic' ? topic : `${topic} / ${subTopic}`;
}

/** The counts of a run by what they count towards. */
export function groupCounts(target: Target, rows: readonly TopicCounts[]): ReadonlyMap<string, StatusCounts> {
  const groups = new Map<string, StatusCounts>();
  for (const row of rows) {
    const name = targetGroupOf(target, row);
    const known = groups.get(name);
    groups.set(name, known === undefined ? row.counts : sumOf(known, row.counts));
  }
  return groups;
}

/** What a run has reached, and what not. */
export function targetReport(target: Target, rows: readonly TopicCounts[], passedBy: number): TargetReport {
  const counted = groupCounts(target, rows);
  const nothing: ReadonlyMap<string, StatusCounts> = new Map([['', statusCounts()]]);
  const groups = [...(counted.size === 0 && target.per === undefined ? nothing : counted)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, counts]) => groupReport(target, name, counts));
  return {
    ...target,
    groups,
    missing: groups.reduce((sum, { missing }) => sum + missing, 0),
    beyond: groups.reduce((sum, { beyond }) => sum + beyond, 0),
    passedBy,
  };
}

/** Whether every group has what was asked for. A run that knows no topic has reached nothing. */
export function isReached({ groups, missing }: TargetReport): boolean {
  return groups.length > 0 && missing === 0;
}

/** The rows up to the target, in their order: the same rows give the same choice. */
export async function* upTo(target: Target, rows: AsyncIterable<DatasetRow>): AsyncGenerator<DatasetRow> {
  const taken = new Map<string, number>();
  for await (const row of rows) {
    const group = targetGroupOf(target, row.example.question);
    const before = taken.get(group) ?? 0;
    if (before >= target.approved) continue;
    taken.set(group, before + 1);
    yield row;
  }
}

function groupReport({ approved: wanted }: Target, name: string, counts: StatusCounts): GroupReport {
  const { approved, rejected, dead_lettered: failed, held } = counts;
  const missing = Math.max(0, wanted - approved);
  const beyond = Math.max(0, approved - wanted);
  return { name, approved, rejected, failed, held, open: openCount(counts), missing, beyond };
}

function sumOf(a: StatusCounts, b: StatusCounts): StatusCounts {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return statusCounts([...names].map((status) => [status, (a[status] ?? 0) + (b[status] ?? 0)]));
}
