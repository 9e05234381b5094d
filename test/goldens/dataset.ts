import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withSentBack } from '../../src/features/dataset/sent-back.ts';
import { writeExport } from '../../src/features/dataset/write-export.ts';
import { openEmbedded } from '../../src/infra/engines/sqlite/engine.ts';
import { FILE_TYPES } from '../../src/infra/export/encoders/encoder.ts';
import { exportFormats } from '../../src/stages/formats/index.ts';
import { MAIN_LANE } from '../../src/stages/lanes/lane.ts';
import type { DatasetRow, Store } from '../../src/stages/store/store.ts';
import { trainingTypes } from '../../src/stages/training-types/index.ts';
import { filesIn, type Golden, type GoldenFiles } from './golden.ts';
import { ended } from './process.ts';

const QUESTIONS_A_TYPE = 3;
/** Some are sent back, so that the formats of pairs have theirs. */
const SIMULATED = 'latency=1ms,reject=40%,seed=7';
const TEXT = /\.(md|yaml|json)$/;
const MADE_ON = /Made on \d{4}-\d\d-\d\d/g;

/** What a seeded simulated run makes of questions of every training type, in every format and file type, with its cards. */
export const dataset: Golden = {
  name: 'dataset',
  make: async (directory) => {
    await writeFile(join(directory, 'questions.jsonl'), questions());
    const run = ['run', 'questions.jsonl', '--simulate', SIMULATED, '--quiet', '--out', 'run.jsonl'];
    await ended(directory, ...run, '--data', 'data');
    const out = join(directory, 'exported');
    const place = { data: join(directory, 'data'), namespace: 'millrace-simulated' };
    const { store, close } = await openEmbedded({ ...place, mode: 'append' });
    try {
      await exportAll(store, out);
    } finally {
      await close();
    }
    return withoutPlaceAndDay(await filesIn(out), out);
  },
};

async function exportAll({ reports }: Store, out: string): Promise<void> {
  // As they arrive, they come in another order each time.
  const rows: DatasetRow[] = [];
  for await (const row of reports.dataset({ lane: MAIN_LANE, verdict: 'approved' })) rows.push(row);
  const inOrder = rows.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  for (const format of exportFormats) {
    await mkdir(join(out, format), { recursive: true });
    for (const fileType of FILE_TYPES) {
      const to = { out: join(out, format, `data.${fileType}`), format, fileType, simulated: true };
      await writeExport(withSentBack(reports, format, oneByOne(inOrder)), to);
    }
  }
}

const idOf = ({ example }: DatasetRow) => example.questionId;

async function* oneByOne(rows: readonly DatasetRow[]): AsyncGenerator<DatasetRow> {
  yield* rows;
}

function withoutPlaceAndDay(files: GoldenFiles, out: string): GoldenFiles {
  return new Map(
    [...files].map(([path, bytes]) => {
      if (!TEXT.test(path)) return [path, bytes];
      const text = Buffer.from(bytes)
        .toString()
        .replaceAll(`${out}/`, '')
        .replaceAll(MADE_ON, 'Made on a day');
      return [path, Buffer.from(text)];
    }),
  );
}

const TOOLS = [
  {
    name: 'density',
    description: 'The density of a substance.',
    parameters: {
      type: 'object',
      properties: { substance: { type: 'string' }, unit: { enum: ['g/cm3', 'kg/m3'] } },
      required: ['substance', 'unit'],
    },
  },
];

function questions(): string {
  const lines = [...trainingTypes.keys()].flatMap((trainingType) =>
    Array.from({ length: QUESTIONS_A_TYPE }, (_, index) =>
      JSON.stringify({
        id: `${trainingType}-${index}`,
        question: `Question ${index} of ${trainingType}: why does ice float?`,
        topic: 'chemistry',
        sub_topic: index === 0 ? 'bonding' : 'water',
        training_type: trainingType,
        metadata: { index },
        ...(trainingTypes.get(trainingType)?.calls === undefined ? {} : { tools: TOOLS }),
      }),
    ),
  );
  return `${lines.join('\n')}\n`;
}
