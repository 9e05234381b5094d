import type { VersionRepository, VersionRequest } from '../../stages/dataset/dataset-version.ts';
import { offsetPairs } from '../../stages/lanes/offsets.ts';
import { Failure } from '../../streams/failure.ts';
import type { Log } from '../../streams/log/log.ts';

const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

type Known = Readonly<{
  versions: Pick<VersionRepository, 'get'>;
  log: Pick<Log, 'offsetsAt'>;
  topic: string;
}>;

/** Where on the ledger `--since` begins: after a version, or at a time. Rejects with a fatal Failure `bad_since`. */
export async function resolveSince(
  text: string,
  known: Known,
): Promise<NonNullable<VersionRequest['since']>> {
  const since = await sinceOf(text, known);
  if (since !== undefined) return since;
  const message = `Bad value for --since: expected the name of a version (see: millrace dataset versions), or a day or time with its zone (2026-11-01, 2026-11-01T08:00Z); got ${text}.`;
  throw new Failure('fatal', 'bad_since', message);
}

/** The same; `undefined` for what is neither a version nor a time. */
export async function sinceOf(
  text: string,
  { versions, log, topic }: Known,
): Promise<VersionRequest['since'] | undefined> {
  const version = await versions.get(text);
  if (version !== undefined) return { text, offsets: version.ledger.offsets };
  const atMs = TIME.test(text) && isInCalendar(text.slice(0, 10)) ? Date.parse(text) : Number.NaN;
  if (!Number.isFinite(atMs)) return undefined;
  return { text, offsets: offsetPairs(await log.offsetsAt(topic, atMs)), atMs };
}

/** `Date.parse` takes the 30th of February for the 2nd of March. */
function isInCalendar(day: string): boolean {
  const parsed = new Date(`${day}T00:00:00Z`);
  return Number.isFinite(parsed.getTime()) && parsed.toISOString().startsWith(day);
}
