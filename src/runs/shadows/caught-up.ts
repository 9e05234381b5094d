import { exhaustMap, interval, lastValueFrom, map, scan, startWith, takeWhile } from 'rxjs';
import type { Engine } from '../../infra/engine.ts';
import { shadowGroupOf } from '../../stages/shadow/shadow-name.ts';
import { groupOf, topicsOf } from '../../stages/stage-names.ts';
import type { Offset } from '../../streams/log.ts';
import { lookedPast } from '../looked-past.ts';
import type { RunningShadow } from './start-shadow.ts';

const LOOK_MS = 100;
/** A wait that a person notices is told. */
const TOLD_AFTER_LOOKS = 10;
/** A live judge that commits nothing for so many looks has no more to give: what it is held up by is not waited for. */
const QUIET_LOOKS = 15;

type Followed = Readonly<{
  engine: Pick<Engine, 'log'>;
  namespace: string;
  onNotice(text: string): void;
}>;
type Offsets = ReadonlyMap<number, Offset>;
/** `level`: it has judged all that the live judge has settled. `over`: there is nothing to wait for. */
type Look = 'behind' | 'level' | 'over';

/**
 * Resolves when the shadow has judged everything before `ends` that the live judge has settled. One that is held up is not
 * waited for, and that is told: it goes on when it is started again.
 */
export async function untilCaughtUp(session: Followed, shadow: RunningShadow, ends: Offsets): Promise<void> {
  const { name, heldUpBy } = shadow;
  const look = async (number: number): Promise<Look> => {
    const reason = heldUpBy();
    if (reason !== undefined) {
      if (reason !== 'stopped') session.onNotice(leftBehind(name, reason));
      return 'over';
    }
    if (number === TOLD_AFTER_LOOKS)
      session.onNotice(
        `Waiting for the shadow judge ${name} to catch up. Stopped now, it goes on when it is started again.`,
      );
    return lookedPast(lookAt(session, name, ends), 'behind');
  };
  const looks = interval(LOOK_MS).pipe(
    startWith(-1),
    exhaustMap(look),
    scan((quiet, seen) => (seen === 'over' ? QUIET_LOOKS : seen === 'level' ? quiet + 1 : 0), 0),
    takeWhile((quiet) => quiet < QUIET_LOOKS),
    map(() => undefined),
  );
  await lastValueFrom(looks, { defaultValue: undefined });
}

async function lookAt({ engine, namespace }: Followed, name: string, ends: Offsets): Promise<Look> {
  const { review } = topicsOf(namespace);
  const committedBy = (group: string) => engine.log.committedOffsets(group, review);
  const [live, own] = [
    await committedBy(groupOf(namespace, 'review')),
    await committedBy(shadowGroupOf(namespace, name)),
  ];
  const isPast = (until: (partition: number, end: Offset) => Offset) =>
    [...ends].every(([partition, end]) => (own.get(partition) ?? 0n) >= until(partition, end));
  if (isPast((_, end) => end)) return 'over';
  const settled = (partition: number, end: Offset) => smaller(live.get(partition) ?? 0n, end);
  return isPast(settled) ? 'level' : 'behind';
}

const smaller = (one: Offset, other: Offset): Offset => (one < other ? one : other);

function leftBehind(name: string, reason: string): string {
  return `Not waiting for the shadow judge ${name}: ${reason}. It goes on when it is started again.`;
}
