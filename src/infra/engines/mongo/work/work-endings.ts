import type { Collection } from 'mongodb';
import type { HeldWork } from '../../../../streams/work/work.ts';
import type { WorkDocument } from '../documents.ts';

/** How a work ends, if it is still held. */
export type WorkEnding = Readonly<{
  held: HeldWork;
  end: Partial<WorkDocument> & { state: 'done' | 'dead' };
  /** Added to the sums of the work: once, since it ends once. */
  spent: Readonly<Record<string, number>>;
}>;

export type WorkEnded = 'stored' | 'lost';

/** Compare-and-set on each token; one answer per ending, in order. Rejects with the driver's errors. */
export async function endAll(
  works: Collection<WorkDocument>,
  endings: readonly WorkEnding[],
): Promise<readonly WorkEnded[]> {
  const updates = endings.map(({ held: { workId, token }, end, spent }) => ({
    updateOne: {
      filter: { _id: workId, token, state: 'claimed' as const },
      update: { $set: end, $inc: spent },
    },
  }));
  const { matchedCount } = await works.bulkWrite(updates, { ordered: false });
  return matchedCount === endings.length ? endings.map(() => 'stored') : readBack(works, endings);
}

/** The server answers one sum for all: who came short is read back. */
async function readBack(
  works: Collection<WorkDocument>,
  endings: readonly WorkEnding[],
): Promise<readonly WorkEnded[]> {
  const ids = endings.map(({ held }) => held.workId);
  const projection = { token: 1, state: 1 };
  const found = await works.find({ _id: { $in: ids } }, { projection }).toArray();
  const existing = new Map(found.map(({ _id, token, state }) => [_id, { token, state }]));
  return endings.map(({ held, end }) => {
    const work = existing.get(held.workId);
    return work?.token === held.token && work.state === end.state ? 'stored' : 'lost';
  });
}
