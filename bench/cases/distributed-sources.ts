import { join } from 'node:path';
import { addSource } from '../../src/features/sources/add-source.ts';
import type { Finder } from '../../src/infra/documents/index/document-index.ts';
import { finderOf, openIndexOf } from '../../src/infra/documents/index/of-settings.ts';
import { localMongo } from '../../test/support/servers/local.ts';
import type { BenchCase } from '../bench-case.ts';
import { type Corpus, corpus } from '../support/corpus.ts';
import { p95, SECTIONS_A_FILE, timed, writeManuals } from '../support/manuals.ts';
import { cpuSecondsOf } from '../support/servers.ts';
import { workspace } from '../support/workspace.ts';

const FILES = 4_000;
const SEARCHES = 100;
const WORDS = 12;
const LIMIT = 8;

/** The same as `sources`, on MongoDB: the CPU time is that of both processes. */
export const distributedSources: BenchCase = {
  name: 'distributed-sources',
  title: `(t) MongoDB: ${FILES} files of Markdown, ${FILES * SECTIONS_A_FILE} chunks: indexed, searched, added again`,
  minutes: 1.1,
  async run(say) {
    using space = workspace();
    const texts = corpus();
    const root = join(space.directory, 'manuals');
    say(`writing ${FILES} files`);
    await writeManuals(root, FILES, texts);
    const mongo = await localMongo();
    const serverCpu = () => mongo.pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
    const place = { data: space.directory, namespace: 'bench', mongo: mongo.address };
    const index = await openIndexOf(place);
    const finder = await finderOf(place);
    try {
      say('indexing');
      const first = await timed(() => addSource(index, root), serverCpu);
      say('adding again');
      const again = await timed(() => addSource(index, root), serverCpu);
      say('searching');
      const searched = await searchAll(finder, texts);
      return [
        {
          ...{ name: 'chunks indexed per CPU second of both', unit: '/s' },
          ...{ value: first.made.newChunks / first.cpuSeconds, target: { least: 250 } },
        },
        { name: 'a second add of all files, unchanged', unit: 's', value: again.seconds },
        {
          ...{ name: 'files that the second add read again', unit: '', value: FILES - again.made.unchanged },
          ...{ target: { most: 0 }, must: true },
        },
        {
          ...{ name: `search of ${WORDS} words, p95`, unit: 'ms', value: p95(searched) },
          target: { most: 300 },
        },
      ];
    } finally {
      await finder.close();
      await index.close();
      await mongo.stop();
    }
  },
};

async function searchAll(finder: Finder, texts: Corpus): Promise<readonly number[]> {
  const times: number[] = [];
  for (let search = 0; search < SEARCHES; search += 1) {
    const { seconds } = await timed(() => finder.find({ text: texts.words(WORDS), limit: LIMIT }));
    times.push(seconds * 1_000);
  }
  return times;
}
