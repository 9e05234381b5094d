import { shadowGroupOf } from '../../stages/judges/shadow-name.ts';
import { groupOf, topicsOf } from '../../stages/stage-names.ts';
import { Failure } from '../../streams/failure.ts';
import { inTime } from '../../streams/in-time.ts';
import type { Offset } from '../../streams/log/log.ts';
import { type LagLog, settledTo, zeroIfUnknown } from '../flow/lag.ts';

/** Who asks for a report waits so long for a log that does not answer. */
const PATIENCE_MS = 3_000;

type ShadowLagLog = Pick<LagLog, 'committedOffsets' | 'beginningOffsets'>;

/**
 * For each shadow judge, how many records the live judge has settled and the shadow has not; `undefined` while the log is
 * away. The live judge is looked at first, so a shadow that is at work meanwhile seems no later than it is.
 */
export function shadowLags(
  log: ShadowLagLog,
  namespace: string,
): (name: string) => Promise<number | undefined> {
  const topic = topicsOf(namespace).review;
  let live: ReturnType<typeof settledTo> | undefined;
  const lagOf = async (name: string) => {
    live ??= settledTo(log, topic, groupOf(namespace, 'review'));
    const liveTo = await live;
    return behind(liveTo, await settledTo(log, topic, shadowGroupOf(namespace, name)));
  };
  return (name) => {
    const lag = lagOf(name).catch(zeroIfUnknown).catch(undefinedIfAway);
    return inTime(lag, PATIENCE_MS, () => undefined);
  };
}

function behind(live: ReadonlyMap<number, Offset>, shadow: ReadonlyMap<number, Offset>): number {
  const gaps = [...live].map(([partition, to]) => to - (shadow.get(partition) ?? to));
  return Number(gaps.reduce((sum, gap) => (gap > 0n ? sum + gap : sum), 0n));
}

function undefinedIfAway(error: unknown): undefined {
  if (error instanceof Failure && (error.kind === 'outage' || error.kind === 'transient')) return undefined;
  throw error;
}
