import type { MongoInspection } from '../../../infra/engines/mongo/inspect.ts';
import { alarmsOf, type Check, failed, ok, warning } from './check.ts';

const SKEW_MS = 60_000;

/** MongoDB: there, new enough, a replica set, its collections as they should be, our rights enough. */
export const mongo: Check = {
  name: 'mongodb',
  look: async ({ settings, namespace }) => {
    if (settings.mongo === undefined) return [];
    const { inspectMongo } = await import('../../../infra/engines/mongo/inspect.ts');
    const found = await inspectMongo(settings.mongo, namespace);
    const { version, notices, skewMs, lackingRights } = found;
    const seconds = Math.round(Math.abs(skewMs) / 1_000);
    return [
      ok(`MongoDB ${version} answers`),
      ...notices.map((notice) => warning(notice, 'see docs/mongodb.md')),
      ...(seconds * 1_000 < SKEW_MS
        ? []
        : [warning(`its clock and ours are ${seconds} s apart`, 'set the clocks of all machines, with NTP')]),
      ...[...Map.groupBy(found.journals, placeOf).values()].flatMap(journalsWait),
      ...alarmsOf(found.workers),
      found.newer === undefined ? collections(namespace, found) : failed(found.newer, 'update Millrace here'),
      rights(lackingRights, namespace),
    ];
  },
};

type JournalNote = MongoInspection['journals'][number];

const placeOf = ({ host, directory }: JournalNote) => JSON.stringify([host, directory]);

/** Of one place, the oldest first. A clean end takes its note out: these were killed, or ended with answers that the store did not take. */
function journalsWait([first, ...more]: readonly JournalNote[]) {
  if (first === undefined) return [];
  const { host, directory, since } = first;
  const silent =
    more.length === 0
      ? `a worker on ${host} that began at ${since} has gone silent: the journal under its ${directory} may hold paid answers`
      : `${more.length + 1} workers on ${host}, of which the first began at ${since}, have gone silent: the journals under their ${directory} may hold paid answers`;
  const aside = `delete what a start has set aside there (….damaged), or let millrace gc --data ${directory} do so, which takes the note out with it`;
  return warning(
    silent,
    `start a worker there again with --data ${directory}; ${aside}; if that directory is gone, so are the answers: millrace gc takes the note out`,
  );
}

function collections(namespace: string, { empty, missing }: MongoInspection) {
  if (empty)
    return warning(
      `the database ${namespace} is empty`,
      'millrace topics create makes all it needs, and so does the first ingest, worker or run',
    );
  if (missing.length === 0)
    return ok(`collections, indexes and validators of ${namespace} are as they should be`);
  return warning(
    `not there or different in ${namespace}: ${missing.join(', ')}`,
    'start a run or a worker: it makes what is missing',
  );
}

function rights(lacking: readonly string[] | undefined, namespace: string) {
  if (lacking === undefined)
    return warning('anybody may do anything: nobody logs in', 'switch access control on');
  if (lacking.length === 0) return ok(`our rights on ${namespace} are enough`);
  return failed(
    `no right to ${lacking.join(', ')} on ${namespace}`,
    `grant the role readWrite on ${namespace}`,
  );
}
