import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exportDataset } from '../../../src/features/dataset/export-dataset.ts';
import type { FoundPiece } from '../../../src/stages/evidence/finder.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { exampleOf, lookedUp, questionOf } from '../../../src/testing/store/fixtures.ts';
import { emptyDirectory } from '../../infra/export/workspace.ts';
import { heldMemory } from '../../support/held-memory.ts';

const WARM = 1_000;
const ROWS = 9_000;
/** A reaction left on a promise, or a listener on a signal, is 200 bytes; the examples would be 2 kB a row. */
const MOST_A_ROW = 100;

/** Told of each row, answers what is held more for a row once all have come. */
function scales() {
  const held: number[] = [];
  let rows = 0;
  const weigh = async () => {
    rows += 1;
    if (rows === WARM || rows === ROWS) held.push(await heldMemory());
  };
  return { weigh, aRow: () => ((held[1] ?? Number.NaN) - (held[0] ?? 0)) / (ROWS - WARM) };
}

it.each(['run-1', undefined])('an export holds nothing of the rows it has written (run: %s)', async (run) => {
  const example = exampleOf(questionOf('Why?'), { research: lookedUp });
  const [read, written] = [scales(), scales()];
  const reports = {
    async *dataset() {
      for (let position = 0; position < ROWS; position += 1) {
        await read.weigh();
        yield { example, submission: { run: 'run-1', position } };
      }
    },
    candidates: async () => new Map(),
  };
  // Asked for each row on its way into the file.
  const find = async (): Promise<readonly FoundPiece[]> => {
    await written.weigh();
    return [];
  };
  const out = join(await emptyDirectory(), 'out.jsonl');
  const destination = { out, format: 'openai', fileType: 'jsonl', simulated: false } as const;
  const query = { lane: MAIN_LANE, verdict: 'approved', ...(run === undefined ? {} : { run }) } as const;
  const distracting = { finder: { find }, count: 1 };
  const store = { reports } as unknown as Parameters<typeof exportDataset>[0];
  const { dataset } = await exportDataset(store, { ...destination, query, distracting });
  expect(dataset.written).toBe(ROWS);
  expect(Math.max(read.aRow(), written.aRow())).toBeLessThan(MOST_A_ROW);
});
