import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { defineFunctions } from '../../../src/infra/engines/sqlite/functions.ts';
import { readSegment } from '../../../src/infra/journal/read-segment.ts';
import { processFilesIn } from '../../../src/infra/journal/segment-names.ts';
import { agentNamed } from '../../../src/stages/stage-names.ts';
import { keptBy } from '../../../src/stages/table.ts';
import type { Arrival } from '../../../src/streams/work/journal.ts';

const row = z.object({
  attempts: z
    .string()
    .transform((text) => z.array(z.object({ startedAt: z.string() })).parse(JSON.parse(text))),
});

/** Answers that have arrived, stand in a journal of a data directory, and are not in its store yet. */
export function waitingAnswers(data: string, namespace: string): readonly Arrival[] {
  const files = processFilesIn(data, namespace).flatMap(({ segments }) => segments);
  const entries = files.map((path) => readSegment(path, namespace));
  const arrivals = entries.flatMap((read) =>
    read.kind === 'read'
      ? read.entries.flatMap((entry) => (entry.kind === 'arrival' ? [entry.arrival] : []))
      : [],
  );
  if (arrivals.length === 0) return [];
  const db = new DatabaseSync(join(data, `${namespace}.db`), { readOnly: true, timeout: 10_000 });
  defineFunctions(db);
  try {
    return arrivals.filter((arrival) => !isStored(db, arrival));
  } finally {
    db.close();
  }
}

function isStored(db: DatabaseSync, { stage, workId, startedAt }: Arrival): boolean {
  const agent = agentNamed(stage);
  if (agent === undefined) return false;
  const attempts = "coalesce(unpacked(packed) -> '$.attempts', attempts)";
  const found = db.prepare(`SELECT ${attempts} AS attempts FROM ${keptBy(agent)} WHERE id = ?`).get(workId);
  return row.safeParse(found).data?.attempts.some((attempt) => attempt.startedAt === startedAt) ?? false;
}
