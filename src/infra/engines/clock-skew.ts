import { Failure } from '../../streams/failure.ts';

/** A clock so far off is told. */
const TOLD_MS = 60_000;
/** Kafka refuses records from further ahead (`message.timestamp.after.max.ms`), and a budget of the day is booked on another day. */
const FATAL_MS = 3_600_000;

/** What is to be said of a clock that differs by so much from that of the server; `undefined` where all is well. */
export function clockNotice(server: string, skewMs: number): string | undefined {
  if (Math.abs(skewMs) < TOLD_MS) return undefined;
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  const side = skewMs > 0 ? 'behind' : 'ahead of';
  return `The clock of this machine is ${seconds} s ${side} that of ${server}: set the clocks of all machines, with NTP.`;
}

type Compared = Readonly<{ server: string; skewMs: number; works: boolean }>;

/** Tells of a clock that differs. Throws a Failure of kind `fatal` for one by which nothing should be worked or paid for. */
export function tellOfClock({ server, skewMs, works }: Compared, onNotice: (text: string) => void): void {
  if (works) refuseClock(server, skewMs);
  const notice = clockNotice(server, skewMs);
  if (notice !== undefined) onNotice(notice);
}

/** Throws a Failure of kind `fatal` where nothing should be worked or paid for by such a clock. */
export function refuseClock(server: string, skewMs: number): void {
  if (Math.abs(skewMs) < FATAL_MS) return;
  const message = `${clockNotice(server, skewMs)} No call is made by a clock an hour off.`;
  throw new Failure('fatal', 'clock_apart', message);
}
