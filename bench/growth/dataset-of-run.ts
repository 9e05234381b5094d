// Writes the dataset of a run that has ended, as its end does: no command does that alone. The argument is a `DatasetOfRun` in JSON.
import { growNewSpace, limitMemory } from '../../src/cli/limit-memory.ts';
import { exportDataset } from '../../src/features/dataset/export-dataset.ts';
import { loadSettings } from '../../src/infra/config/load-settings.ts';
import type { RawSettings } from '../../src/infra/config/settings.ts';
import { openEngine } from '../../src/infra/engines/open-engine.ts';
import { MAIN_LANE } from '../../src/stages/lanes/lane.ts';

export type DatasetOfRun = Readonly<{ settings: RawSettings; namespace: string; run: string; out: string }>;

limitMemory();
growNewSpace();
const { settings, namespace, run, out }: DatasetOfRun = JSON.parse(process.argv[2] ?? '');
const engine = await openEngine({ settings: await loadSettings(() => settings), namespace, mode: 'append' });
await exportDataset(engine.store, {
  ...{ out, format: 'openai', fileType: 'jsonl', simulated: false },
  query: { lane: MAIN_LANE, run, verdict: 'approved' },
});
await engine.close();
