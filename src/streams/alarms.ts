import { Subject } from 'rxjs';

/** What can be the matter. Stable and greppable: log lines, readiness, metrics and the rules of `deploy` name it. */
export const ALARM_KINDS = [
  'consumer_lost',
  'consumer_stalled',
  'no_partition',
  'stage_stalled',
  'record_stuck',
  'newer_record',
  'part_missing',
  'tools_unsupported',
  'records_lost',
  'store_emptied',
  'questions_stranded',
  'call_overdue',
  'circuit_open',
  'write_waits',
  'event_loop_blocked',
  'disk_nearly_full',
  'journal_unwritable',
] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

/** One episode of trouble, from when it was seen until it is over. */
export type Alarm = Readonly<{
  kind: AlarmKind;
  /** Whom it is about: a stage, a topic, an endpoint, a directory. */
  subject: string;
  /** What was seen and what to do. */
  text: string;
  since: string;
}>;

export type AlarmChange = Readonly<{ kind: 'raised' | 'cleared'; alarm: Alarm }>;

/** Who sees trouble tells it here. Both are safe to repeat: an episode is told once, and so is its end. */
export type AlarmSink = Readonly<{
  raise(kind: AlarmKind, subject: string, text: string): void;
  clear(kind: AlarmKind, subject: string): void;
}>;

/** The trouble a process is in now. */
export class Alarms implements AlarmSink {
  readonly #open = new Map<string, Alarm>();
  readonly #changes = new Subject<AlarmChange>();

  readonly changes = this.#changes.asObservable();

  /** Oldest first. */
  get open(): readonly Alarm[] {
    return [...this.#open.values()];
  }

  raise(kind: AlarmKind, subject: string, text: string): void {
    const key = keyOf(kind, subject);
    if (this.#open.has(key)) return;
    const alarm = { kind, subject, text, since: new Date().toISOString() };
    this.#open.set(key, alarm);
    this.#changes.next({ kind: 'raised', alarm });
  }

  clear(kind: AlarmKind, subject: string): void {
    const alarm = this.#open.get(keyOf(kind, subject));
    if (alarm === undefined) return;
    this.#open.delete(keyOf(kind, subject));
    this.#changes.next({ kind: 'cleared', alarm });
  }
}

const keyOf = (kind: AlarmKind, subject: string) => `${kind} ${subject}`;
