import { Failure } from '../../streams/failure.ts';
import type { Offset } from '../../streams/log/log.ts';

/** A place in a topic, as a person names it. */
export type Position =
  | Readonly<{ kind: 'beginning' }>
  | Readonly<{ kind: 'end' }>
  /** In every partition. */
  | Readonly<{ kind: 'offset'; offset: Offset }>
  /** Only of the partitions that are named; the others are not read. */
  | Readonly<{ kind: 'offsets'; offsets: ReadonlyMap<number, Offset> }>
  | Readonly<{ kind: 'time'; atMs: number }>;

const OFFSET = /^\d{1,18}$/;
const OFFSETS = /^\d{1,6}:\d{1,18}(?:,\d{1,6}:\d{1,18})*$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Reads `beginning`, `end`, `1200`, `0:1200,3:800` or `2026-11-01T00:00Z`. Throws a Failure (`bad_replay`). */
export function parsePosition(flag: string, text: string): Position {
  if (text === 'beginning' || text === 'end') return { kind: text };
  if (OFFSET.test(text)) return { kind: 'offset', offset: BigInt(text) };
  if (OFFSETS.test(text)) return { kind: 'offsets', offsets: offsetsIn(text) };
  const atMs = DAY.test(text) || TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(atMs)) return { kind: 'time', atMs };
  const expected = 'beginning, end, an offset (1200), offsets by partition (0:1200,3:800)';
  const message = `Bad value for ${flag}: expected ${expected}, or a time with its zone (2026-11-01T00:00Z); got ${text}.`;
  throw new Failure('fatal', 'bad_replay', message);
}

function offsetsIn(text: string): ReadonlyMap<number, Offset> {
  const pairs = text.split(',').map((pair): [number, Offset] => {
    const [partition = '', offset = ''] = pair.split(':');
    return [Number(partition), BigInt(offset)];
  });
  return new Map(pairs.toSorted(([a], [b]) => a - b));
}

/** The same text for the same place, however it was written. */
export function positionText(position: Position): string {
  switch (position.kind) {
    case 'beginning':
    case 'end':
      return position.kind;
    case 'offset':
      return position.offset.toString();
    case 'offsets':
      return [...position.offsets].map(([partition, offset]) => `${partition}:${offset}`).join(',');
    case 'time':
      return new Date(position.atMs).toISOString();
    default:
      return position satisfies never;
  }
}
