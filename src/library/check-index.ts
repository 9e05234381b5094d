import { mkdir } from 'node:fs/promises';
import { openPluginIndex } from '../infra/documents/index/plugin/open-plugin-index.ts';
import { chunksOf } from '../infra/documents/text/chunks.ts';
import { markdownText } from '../infra/documents/text/plain-blocks.ts';
import { asFailure } from '../streams/failure.ts';

const QUERY = 'buffer solution';
const ANEW = 'Of something else.';

/**
 * What is wrong with an index of a plugin: documents are put, searched, put anew and taken out, in a directory of its own. It is opened again,
 * since what it was given has to be there for every process.
 */
export async function faultInIndex(name: string, data: string): Promise<string | undefined> {
  await mkdir(data, { recursive: true });
  const opened = () => openPluginIndex(name, { data, namespace: 'check' });
  try {
    const index = await opened();
    const found = async (sources?: readonly string[]) => {
      const reader = await opened();
      const hits = await reader.search({ text: QUERY, limit: 10, sources });
      await reader.close?.();
      return hits
        .map(({ document: { source, path }, chunk }) => `${source}/${path}: ${chunk.text}`)
        .toSorted();
    };
    await index.put([documentOf('a', 'one.md'), documentOf('b', 'two.md'), documentOf('b', 'three.md')]);
    await index.put([documentOf('a', 'one.md')]);
    const all = await found();
    if (all.length !== 3)
      return `search found ${said(all)} of three documents that were put, one of them twice`;
    const others = (await found(['a'])).filter((each) => !each.startsWith('a/'));
    if (others.length > 0) return `search found ${said(others)} where only the source a was named`;
    await index.put([documentOf('b', 'two.md', ANEW)]);
    const old = (await found()).filter((each) => each.startsWith('b/two.md') && !each.includes(ANEW));
    if (old.length > 0) return `search found ${said(old)} once another text was put there`;
    await index.remove('b', 'three.md');
    await index.remove('a');
    const left = (await found()).filter((each) => !each.startsWith('b/two.md'));
    await index.close?.();
    return left.length === 0 ? undefined : `search found ${said(left)}, which was taken out`;
  } catch (error) {
    return asFailure(error).message;
  }
}

function documentOf(source: string, path: string, text = 'A buffer solution keeps its acidity.') {
  const document = { source, path, title: path, license: '', at: '2026-01-01T00:00:00.000Z' };
  return { document, chunks: chunksOf(markdownText(text, path)) };
}

function said(found: readonly string[]): string {
  return found.length === 0 ? 'nothing' : found.map((each) => each.replace(/:.*/s, '')).join(', ');
}
