import type { AlarmSink } from '../../../streams/alarms.ts';
import type { StageEvent } from '../../../streams/delivery/stage-events.ts';

/** Longer than a call may take: whatever has a call out shows a sign within its time-out. */
const MARGIN_MS = 60_000;
const LEAST_MS = 120_000;

/** What keeps a stage from working, if anything does: then it is not to blame. */
export type StageLoad = Readonly<{
  stage: string;
  /** Records in hand, or lying in its topic for this process alone. */
  waiting: number;
  /** Its endpoint's circuit is not closed, or the server asked for silence. */
  heldBack: boolean;
}>;

export type StageWatchOptions = Readonly<{
  alarms: AlarmSink;
  loads(): readonly StageLoad[];
  timeoutMsOf(stage: string): number;
  now(): number;
}>;

/** Sees a stage that has work, is held back by nothing, and shows no sign of life for longer than any call may take. */
export function stageWatch({ alarms, loads, timeoutMsOf, now }: StageWatchOptions) {
  const livedMs = new Map<string, number>();
  return {
    onEvent(event: StageEvent): void {
      // A server may ask for a wait of any length, and is obeyed.
      const waitMs = event.kind === 'attempt-failed' ? (event.failure.facts.retryAfterMs ?? 0) : 0;
      livedMs.set(event.stage, Math.max(now() + waitMs, livedMs.get(event.stage) ?? 0));
    },
    look(nowMs: number): void {
      for (const { stage, waiting, heldBack } of loads()) {
        const lastMs = livedMs.get(stage) ?? nowMs;
        const idle = waiting === 0 || heldBack;
        livedMs.set(stage, idle ? nowMs : lastMs);
        const silentMs = idle ? 0 : nowMs - lastMs;
        if (silentMs > Math.max(LEAST_MS, timeoutMsOf(stage) + MARGIN_MS))
          alarms.raise('stage_stalled', stage, textOf(stage, waiting, silentMs));
        else alarms.clear('stage_stalled', stage);
      }
    },
  };
}

function textOf(stage: string, waiting: number, silentMs: number): string {
  return (
    `Stage ${stage} has ${waiting} records to work, and nothing happened to any for ${Math.round(silentMs / 1_000)} s. ` +
    `Either another worker holds their claims and hangs (see millrace status), or this process hangs: stop it and start ` +
    `it again; nothing is lost.`
  );
}
