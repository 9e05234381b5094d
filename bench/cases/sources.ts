import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addSource } from '../../src/features/sources/add-source.ts';
import { indexPath } from '../../src/infra/documents/index/index-place.ts';
import { SearchThread } from '../../src/infra/documents/index/search-thread.ts';
import { SourceIndex } from '../../src/infra/documents/index/source-index.ts';
import type { VectorTable } from '../../src/infra/documents/index/vector-table.ts';
import type { VectorSpace } from '../../src/infra/documents/vectors/vector-index.ts';
import type { BenchCase, Figure } from '../bench-case.ts';
import { type Watched, watched } from '../support/blocked.ts';
import { type Corpus, corpus } from '../support/corpus.ts';
import { p95, SECTIONS_A_FILE, type Timed, timed, writeManuals } from '../support/manuals.ts';
import { workspace } from '../support/workspace.ts';

const FILES = 10_000;
const SEARCHES = 200;
const WORDS = 12;
const LIMIT = 8;
const VECTORS_AT_ONCE = 1_000;
const SPACE: VectorSpace = {
  ...{ model: 'random', dimensions: 384, asked: false, address: 'http://localhost/v1', keyVariable: 'KEY' },
};

/** Documents that answers rest on, on the embedded store. CPU time: what else the machine does does not count. */
export const sources: BenchCase = {
  name: 'sources',
  title: `(s) ${FILES} files of Markdown, ${FILES * SECTIONS_A_FILE} chunks: indexed, searched, added again`,
  minutes: 0.7,
  async run(say) {
    using space = workspace();
    const texts = corpus();
    const root = join(space.directory, 'manuals');
    say(`writing ${FILES} files`);
    await writeManuals(root, FILES, texts);
    const place = { data: space.directory, namespace: 'bench' };
    const index = new SourceIndex(indexPath(place), space.directory);
    try {
      say('indexing');
      const first = await timed(() => watched(() => addSource(index, root)));
      say('adding again');
      const again = await timed(() => addSource(index, root));
      await changeOneParagraph(root, texts);
      const changed = await addSource(index, root);
      say('searching');
      const searches = await searchAll(indexPath(place), texts);
      say('searching by vectors as well');
      putVectors(index.vectors);
      const byVectors = await searchAll(indexPath(place), texts, randomVector);
      return figuresOf({ first, again, changed: changed.newChunks, searches, byVectors });
    } finally {
      index.close();
    }
  },
};

async function changeOneParagraph(root: string, texts: Corpus): Promise<void> {
  const path = join(root, `${FILES / 2}.md`);
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('## Section 5\n\n', `## Section 5\n\n${texts.sentence()}\n\n`));
}

/** A vector for each chunk: whatever it is, all are looked at. */
function putVectors(table: VectorTable): void {
  let after = '';
  for (;;) {
    const chunks = table.without(SPACE, VECTORS_AT_ONCE, after);
    const last = chunks.at(-1);
    if (last === undefined) return;
    after = last.hash;
    table.putVectors(SPACE, new Map(chunks.map(({ hash }) => [hash, randomVector()])));
  }
}

function randomVector(): Int8Array {
  return Int8Array.from({ length: SPACE.dimensions }, () => Math.floor(Math.random() * 255) - 127);
}

type Searches = Readonly<{ cpuMs: readonly number[]; turnMs: number }>;

/** As a run searches: in a thread of its own, which has started before. */
async function searchAll(path: string, texts: Corpus, vectorOf?: () => Int8Array): Promise<Searches> {
  const thread = new SearchThread(path);
  const search = async () => {
    const text = texts.words(WORDS);
    const vector = vectorOf === undefined ? undefined : { space: SPACE, values: vectorOf() };
    const before = process.cpuUsage();
    await thread.find({ text, limit: LIMIT, vector });
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  try {
    await search();
    const { made, turnMs } = await watched(async () => {
      const cpuMs: number[] = [];
      while (cpuMs.length < SEARCHES) cpuMs.push(await search());
      return cpuMs;
    });
    return { cpuMs: made, turnMs };
  } finally {
    await thread.close();
  }
}

type Measured = Readonly<{
  first: Timed<Watched<Readonly<{ newChunks: number }>>>;
  again: Timed<Readonly<{ unchanged: number; newChunks: number }>>;
  changed: number;
  searches: Searches;
  byVectors: Searches;
}>;

function figuresOf({ first, again, changed, searches, byVectors }: Measured): readonly Figure[] {
  return [
    {
      ...{
        name: 'chunks indexed per CPU second',
        unit: '/s',
        value: first.made.made.newChunks / first.cpuSeconds,
      },
      target: { least: 8_000 },
    },
    {
      ...{ name: 'its longest transaction, CPU', unit: 'ms', value: first.made.transactionMs },
      target: { most: 50 },
    },
    { name: 'the longest turn of its event loop, CPU', unit: 'ms', value: first.made.turnMs },
    {
      ...{ name: 'a second add of all files, unchanged', unit: 's', value: again.seconds },
      target: { most: 2 },
    },
    { name: 'the same, CPU', unit: 's', value: again.cpuSeconds },
    {
      ...{ name: 'files that the second add read again', unit: '', value: FILES - again.made.unchanged },
      ...{ target: { most: 0 }, must: true },
    },
    {
      ...{ name: 'chunks made of one new paragraph', unit: '', value: changed },
      ...{ target: { most: 6 }, must: true },
    },
    {
      ...{ name: `search of ${WORDS} words, p95 of CPU`, unit: 'ms', value: p95(searches.cpuMs) },
      target: { most: 30 },
    },
    {
      ...{
        name: `the same, and by ${SPACE.dimensions} dimensions of each chunk, p95 of CPU`,
        unit: 'ms',
        value: p95(byVectors.cpuMs),
      },
      target: { most: 200 },
    },
    {
      ...{ name: 'the longest turn of the loop that waits for such a search, CPU', unit: 'ms' },
      ...{ value: byVectors.turnMs, target: { most: 20 } },
    },
  ];
}
