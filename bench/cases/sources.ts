import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addSource } from '../../src/features/sources/add-source.ts';
import { openToSearch } from '../../src/infra/documents/index/index-file.ts';
import { indexPath } from '../../src/infra/documents/index/index-path.ts';
import { searchIndex } from '../../src/infra/documents/index/search.ts';
import { SourceIndex } from '../../src/infra/documents/index/source-index.ts';
import type { BenchCase, Figure } from '../bench-case.ts';
import { type Corpus, corpus } from '../support/corpus.ts';
import { workspace } from '../support/workspace.ts';

const FILES = 10_000;
const SECTIONS = 10;
const SEARCHES = 200;
const WORDS = 12;
const LIMIT = 8;

/** Documents that answers rest on, on the embedded store. CPU time: what else the machine does does not count. */
export const sources: BenchCase = {
  name: 'sources',
  title: `(s) ${FILES} files of Markdown, ${FILES * SECTIONS} chunks: indexed, searched, added again`,
  minutes: 3,
  async run(say) {
    using space = workspace();
    const texts = corpus();
    const root = join(space.directory, 'manuals');
    say(`writing ${FILES} files`);
    await writeAll(root, texts);
    const place = { data: space.directory, namespace: 'bench' };
    const index = new SourceIndex(indexPath(place), space.directory);
    try {
      say('indexing');
      const first = await timed(() => addSource(index, root));
      say('adding again');
      const again = await timed(() => addSource(index, root));
      await changeOneParagraph(root, texts);
      const changed = await addSource(index, root);
      say('searching');
      const searches = searchAll(indexPath(place), texts);
      return figuresOf({ first, again, changed: changed.newChunks, searches });
    } finally {
      index.close();
    }
  },
};

async function writeAll(root: string, texts: Corpus): Promise<void> {
  await mkdir(root);
  for (let file = 0; file < FILES; file += 1) {
    const sections = Array.from({ length: SECTIONS }, (_, n) => `## Section ${n}\n\n${texts.section()}`);
    await writeFile(join(root, `${file}.md`), `# File ${file}\n\n${sections.join('\n\n')}\n`);
  }
}

async function changeOneParagraph(root: string, texts: Corpus): Promise<void> {
  const path = join(root, `${FILES / 2}.md`);
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('## Section 5\n\n', `## Section 5\n\n${texts.sentence()}\n\n`));
}

function searchAll(path: string, texts: Corpus): readonly number[] {
  const db = openToSearch(path);
  if (db === undefined) throw new Error('nothing was indexed');
  try {
    return Array.from({ length: SEARCHES }, () => {
      const text = texts.words(WORDS);
      const before = process.cpuUsage();
      searchIndex(db, { text, limit: LIMIT });
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    });
  } finally {
    db.close();
  }
}

type Timed<T> = Readonly<{ made: T; cpuSeconds: number; seconds: number }>;

async function timed<T>(act: () => Promise<T>): Promise<Timed<T>> {
  const [startMs, before] = [performance.now(), process.cpuUsage()];
  const made = await act();
  const { user, system } = process.cpuUsage(before);
  return { made, cpuSeconds: (user + system) / 1_000_000, seconds: (performance.now() - startMs) / 1_000 };
}

type Measured = Readonly<{
  first: Timed<Readonly<{ newChunks: number }>>;
  again: Timed<Readonly<{ unchanged: number; newChunks: number }>>;
  changed: number;
  searches: readonly number[];
}>;

function figuresOf({ first, again, changed, searches }: Measured): readonly Figure[] {
  return [
    {
      ...{
        name: 'chunks indexed per CPU second',
        unit: '/s',
        value: first.made.newChunks / first.cpuSeconds,
      },
      target: { least: 8_000 },
    },
    {
      ...{ name: 'a second add of all files, unchanged', unit: 's', value: again.seconds },
      target: { most: 2 },
    },
    {
      ...{ name: 'files that the second add read again', unit: '', value: FILES - again.made.unchanged },
      ...{ target: { most: 0 }, must: true },
    },
    {
      ...{ name: 'chunks made of one new paragraph', unit: '', value: changed },
      ...{ target: { most: 6 }, must: true },
    },
    {
      ...{ name: `search of ${WORDS} words, p95 of CPU`, unit: 'ms', value: p95(searches) },
      target: { most: 30 },
    },
  ];
}

function p95(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.ceil(values.length * 0.95) - 1] ?? Number.NaN;
}
