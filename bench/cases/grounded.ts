import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addSource } from '../../src/features/sources/add-source.ts';
import { indexPath } from '../../src/infra/documents/index/index-place.ts';
import { SourceIndex } from '../../src/infra/documents/index/source-index.ts';
import type { BenchCase } from '../bench-case.ts';
import { corpus } from '../support/corpus.ts';
import { writeManuals } from '../support/manuals.ts';
import { places, runMillrace } from '../support/millrace.ts';
import { writeQuestions } from '../support/questions.ts';
import { startServer } from '../support/scripted-server.ts';
import { workspace } from '../support/workspace.ts';

const QUESTIONS = 500;
const FILES = 100;
const LATENCY_MS = 500;
/** What every question finds, besides what shares its everyday words. */
const ANSWER =
  '# Buffers\n\nA buffer of a weak acid and its salt resists a change of pH, and stops doing so when either is used up.\n';

type Mode = 'memory' | 'sources' | 'tools';
type Took = Readonly<{ wallSeconds: number; cpuSeconds: number; bytes: number }>;

/** Research on documents beside research from memory, with the same scripted model; what the index takes itself does not count. */
export const grounded: BenchCase = {
  name: 'grounded',
  title: `(w) ${QUESTIONS} questions on documents, beside the same from memory, calls of ${LATENCY_MS} ms`,
  minutes: 0.6,
  async run(say) {
    say('from memory');
    const memory = await took('memory');
    say('on documents');
    const sources = await took('sources');
    say('with look-ups');
    const tools = await took('tools');
    const more = ({ bytes }: Took) => (bytes - memory.bytes) / QUESTIONS / 1_000;
    return [
      {
        ...{ name: 'time on documents / from memory', unit: 'x', target: { most: 1.05 } },
        value: sources.wallSeconds / memory.wallSeconds,
      },
      { name: 'CPU of the same', unit: 'x', value: sources.cpuSeconds / memory.cpuSeconds },
      {
        ...{ name: 'more CPU a question', unit: 'ms' },
        value: ((sources.cpuSeconds - memory.cpuSeconds) / QUESTIONS) * 1_000,
      },
      { name: 'more on the disk a question', unit: 'KB', value: more(sources), target: { most: 40 } },
      {
        ...{ name: 'the same with look-ups, three turns', unit: 'KB', target: { most: 120 } },
        value: more(tools),
      },
    ];
  },
};

async function took(mode: Mode): Promise<Took> {
  using space = workspace();
  const { questions, database } = places(space);
  await writeQuestions(questions, QUESTIONS);
  const root = join(space.directory, 'manuals');
  await writeManuals(root, FILES, corpus());
  await writeFile(join(root, 'buffers.md'), ANSWER);
  const data = join(space.directory, 'data');
  const index = new SourceIndex(indexPath({ data, namespace: 'millrace' }), data);
  await addSource(index, root);
  index.close();
  await using server = await startServer({ latencyMs: LATENCY_MS });
  const flags = ['--batch-size', '50', '--research', mode];
  const { wallSeconds, usage } = await runMillrace(space, server.url, flags);
  return { wallSeconds, cpuSeconds: usage.cpuSeconds, bytes: statSync(database).size };
}
