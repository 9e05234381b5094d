import { smaller } from '../../stages/lanes/offsets.ts';
import { Failure } from '../../streams/failure.ts';
import type { Log, Offset } from '../../streams/log/log.ts';
import type { Position } from './position.ts';

type Offsets = ReadonlyMap<number, Offset>;
export type Pinned = Readonly<{ begin: Offsets; end: Offsets }>;

/**
 * The offsets between two places, for every partition; equal ones where nothing is read. The end never lies past what
 * is there now: what is published later is no part of it. Throws a Failure (`bad_replay`) for an offset that is not there.
 */
export async function pinOffsets(log: Log, topic: string, from: Position, to: Position): Promise<Pinned> {
  const kept = { first: await log.beginningOffsets(topic), last: await log.endOffsets(topic) };
  checkOffsets(topic, from, kept.last);
  checkOffsets(topic, to, kept.last);
  const starts = await offsetsAt(log, topic, from, kept);
  const stops = await offsetsAt(log, topic, to, kept);
  const begin = new Map<number, Offset>();
  const end = new Map<number, Offset>();
  for (const [partition, last] of kept.last) {
    const first = kept.first.get(partition) ?? 0n;
    const start = starts.get(partition);
    const stop = stops.get(partition);
    const isRead = start !== undefined && stop !== undefined && stop > start && stop > first;
    begin.set(partition, isRead ? larger(start, first) : last);
    end.set(partition, isRead ? stop : last);
  }
  return { begin, end };
}

async function offsetsAt(
  log: Log,
  topic: string,
  position: Position,
  { first, last }: Readonly<{ first: Offsets; last: Offsets }>,
): Promise<Offsets> {
  switch (position.kind) {
    case 'beginning':
      return first;
    case 'end':
      return last;
    case 'offset':
      return new Map([...last].map(([partition, end]) => [partition, smaller(position.offset, end)]));
    case 'offsets':
      return position.offsets;
    case 'time':
      return log.offsetsAt(topic, position.atMs);
    default:
      return position satisfies never;
  }
}

function checkOffsets(topic: string, position: Position, last: Offsets): void {
  if (position.kind !== 'offsets') return;
  for (const [partition, offset] of position.offsets) {
    const end = last.get(partition);
    if (end === undefined)
      throw bad(`${topic} has no partition ${partition}; it has ${last.size}, from 0 on.`);
    if (offset > end)
      throw bad(`Offset ${offset} is past the end of ${topic}/${partition}, which is ${end}.`);
  }
}

function bad(message: string): Failure {
  return new Failure('fatal', 'bad_replay', message);
}

const larger = (a: Offset, b: Offset) => (a > b ? a : b);

/** Records between the two: as many as there are, unless a topic has gaps. */
export function recordsIn({ begin, end }: Pinned): number {
  return [...end].reduce((sum, [partition, stop]) => sum + Number(stop - (begin.get(partition) ?? 0n)), 0);
}
