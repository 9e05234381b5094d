import type { Document } from 'mongodb';
import { wideScans } from './wide-scans.ts';

/** They grow with the settings, the processes at work and the passes that people order, and not with the questions. */
const SMALL = [
  ...['store', 'lanes', 'replays', 'pauses', 'workers', 'journals', 'dataset_versions', 'sources'],
  ...['vector_spaces', 'counters'],
];

/**
 * What of a plan may cost more as collections grow: a collection read as a whole, by the command or in a `$lookup`, what is
 * sorted in memory, and a wide scan of an index.
 */
export function costlySteps(plan: Document, collection: string): readonly string[] {
  const steps = new Set<string>();
  const isSmall = SMALL.includes(collection);
  walk(plan, (key, value) => {
    if (key === 'stage' && value === 'COLLSCAN' && !isSmall) steps.add('COLLSCAN');
    if (key === 'stage' && value === 'SORT') steps.add('SORT');
    if (key === '$sort') steps.add('$sort');
    if (key === 'collectionScans' && Number(value) > 0) steps.add('COLLSCAN in a $lookup');
    if (key === 'queryPlanner' && !isSmall) for (const scan of wideScans(value as Document)) steps.add(scan);
  });
  return [...steps];
}

function walk(value: unknown, visit: (key: string, value: unknown) => void): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'rejectedPlans' || key === 'command' || key === '$lookup') {
      if (key === '$lookup') visitLookup(value, visit);
      continue;
    }
    visit(key, inner);
    walk(inner, visit);
  }
}

function visitLookup(stage: object, visit: (key: string, value: unknown) => void): void {
  for (const [key, inner] of Object.entries(stage)) if (key === 'collectionScans') visit(key, inner);
}
