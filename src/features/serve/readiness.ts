import type { AlarmKind } from '../../streams/alarms.ts';
import type { Session } from '../run/session/session.ts';

/** Why a process is not ready; `code` is stable. */
export type NotReady = Readonly<{
  code: AlarmKind | 'stopping' | 'no_partitions_yet';
  subject: string;
  text: string;
}>;

export const STOPPING: NotReady = { code: 'stopping', subject: 'process', text: 'It is stopping.' };

type Watched = Pick<Session, 'stop' | 'stages' | 'alarms'> &
  Readonly<{ shadows: Pick<Session['shadows'], 'stages'> }>;

/** What was lost is lost, and who cannot call tools answers without: nothing of it is in the way of the process. */
const OUT_OF_THE_WAY: ReadonlySet<AlarmKind> = new Set([
  'records_lost',
  'store_emptied',
  'questions_stranded',
  'tools_unsupported',
]);

/** Ready means: every stage of the process has partitions, and nothing is in the way of its progress. */
export function reasonsNotReady({ stop, stages, shadows, alarms }: Watched): readonly NotReady[] {
  if (stop.signals.draining.aborted) return [STOPPING];
  // Decisions of people are worked beside storage, by any process that has partitions of that topic.
  const worked = [...stages].filter(([name]) => name !== 'verdicts');
  // Shadow judges are nobody's progress but their own, where they are all that the process works.
  const waiting = (stages.size === 0 ? [...shadows.stages] : worked).filter(
    ([, stage]) => stage.partitions() === 0,
  );
  return [
    ...waiting.map(([name]): NotReady => {
      return { code: 'no_partitions_yet', subject: name, text: `No partitions yet: ${name}.` };
    }),
    ...alarms.open
      .filter(({ kind }) => !OUT_OF_THE_WAY.has(kind))
      .map(({ kind, subject, text }): NotReady => ({ code: kind, subject, text })),
  ];
}
