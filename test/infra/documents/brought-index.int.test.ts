import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addSource, refreshSource } from '../../../src/features/sources/add-source.ts';
import { removeSource } from '../../../src/features/sources/forgotten-documents.ts';
import { generateSyntheticData } from '../../../src/index.ts';
import { finderOf, openIndexOf } from '../../../src/infra/documents/index/of-settings.ts';
import type { BroughtIndex, IndexHit } from '../../../src/infra/documents/index/plugin/index-provider.ts';
import { definePlugin } from '../../../src/infra/plugins/plugin.ts';
import { registerPlugin } from '../../../src/infra/plugins/register.ts';
import { failureOf } from '../../support/failure-of.ts';
import { tempDir } from '../../support/temp-dir.ts';

const OIL = 'Below an oil pressure of 1.2 bar the Corvid engine must be stopped at once.';

/** An index of a plugin that keeps what it is given in memory, and finds all of it. */
function notes(overrides: Partial<BroughtIndex> = {}, version = '1') {
  let hits: IndexHit[] = [];
  const told: string[] = [];
  const without = (source: string, path?: string) =>
    hits.filter(({ document }) => document.source !== source || (path ?? document.path) !== document.path);
  const index: BroughtIndex = {
    put: (documents) => {
      for (const { document, chunks } of documents) {
        told.push(`put ${document.path}`);
        hits = [...without(document.source, document.path), ...chunks.map((chunk) => ({ document, chunk }))];
      }
    },
    remove: (source, path) => {
      told.push(`remove ${path ?? source}`);
      hits = without(source, path);
    },
    search: ({ sources }) => hits.filter(({ document }) => sources?.includes(document.source) !== false),
    ...overrides,
  };
  const plugin = definePlugin({
    name: '@me/notes',
    version: '1.0.0',
    indexes: [{ name: 'notes', version, open: () => index }],
  });
  return { plugin, told, found: () => hits.map(({ document }) => document.path) };
}

async function folder() {
  const data = await tempDir();
  const root = join(data, 'manuals');
  await mkdir(root);
  await writeFile(join(root, 'oil.md'), `# Corvid\n\n${OIL}\n`);
  await writeFile(join(root, 'water.md'), 'The impeller is changed every 500 hours.\n');
  return { data, root, place: { data, namespace: 'millrace' } };
}

const registered = ({ plugin }: ReturnType<typeof notes>) => {
  const { undo } = registerPlugin(plugin);
  onTestFinished(undo);
  return undo;
};

describe('an index of a plugin', () => {
  it('is given what changes, and loses what goes', async () => {
    const { root, place } = await folder();
    const brought = notes();
    registered(brought);
    const index = await openIndexOf({ ...place, index: 'notes' });
    onTestFinished(() => index.close());
    await addSource(index, root, { license: 'cc-by-4.0' });
    await refreshSource(index, 'manuals');
    await writeFile(join(root, 'oil.md'), 'Of something else.');
    await rm(join(root, 'water.md'));
    await refreshSource(index, 'manuals');
    expect(brought.told).toEqual(['put oil.md', 'put water.md', 'put oil.md', 'remove water.md']);
    await removeSource(index, 'manuals');
    expect(brought.found()).toEqual([]);
  });

  it('is given every document again where it is named later, or is another version', async () => {
    const { root, place } = await folder();
    const ours = await openIndexOf(place);
    await addSource(ours, root);
    await ours.close();
    for (const version of ['1', '2']) {
      const brought = notes({}, version);
      const undo = registered(brought);
      const index = await openIndexOf({ ...place, index: 'notes' });
      expect(await refreshSource(index, 'manuals')).toMatchObject({ changed: 2, newChunks: 0 });
      expect(await refreshSource(index, 'manuals')).toMatchObject({ unchanged: 2 });
      expect(brought.told).toEqual(['put oil.md', 'put water.md']);
      await index.close();
      undo();
    }
  });

  it('brings the pieces of a search with their places, and a whole run rests on it', async () => {
    const { data, root, place } = await folder();
    const brought = notes();
    registered(brought);
    const index = await openIndexOf({ ...place, index: 'notes' });
    await addSource(index, root, { license: 'cc-by-4.0' });
    await index.close();
    const finder = await finderOf({ ...place, index: 'notes' });
    const usual = await finderOf(place);
    const wanted = { text: 'oil pressure', limit: 1 };
    expect(await finder.find(wanted)).toEqual(await usual.find(wanted));
    expect(await finder.find({ ...wanted, sources: ['others'] })).toEqual([]);
    expect(await finder.read?.({ source: 'manuals', path: 'oil.md', from: 0, characters: 50 })).toBeDefined();
    await Promise.all([finder.close(), usual.close()]);
    const options = { data, index: 'notes', plugins: [brought.plugin], simulate: 'latency=0,reject=0%' };
    const questions = ['At which oil pressure must the Corvid engine be stopped?'];
    const { examples } = await generateSyntheticData({ ...options, questions });
    expect(examples[0]?.research.evidence).toMatchObject([
      { path: 'oil.md', license: 'cc-by-4.0', quote: OIL },
    ]);
  });

  it('is told of with its name where it gives something else, or there is none of the name', async () => {
    const { place } = await folder();
    const nobody = await failureOf(() => openIndexOf({ ...place, index: 'notes' }));
    expect(nobody.message).toMatch(/^Unknown index "notes": no plugin brings any\./);
    const undo = registered(notes({ search: () => [{ path: 'oil.md' }] as never }));
    const finder = await finderOf({ ...place, index: 'notes' });
    expect(await failureOf(() => finder.find({ text: 'oil', limit: 1 }))).toMatchObject({
      kind: 'fatal',
      code: 'bad_index',
    });
    await finder.close();
    expect((await failureOf(() => openIndexOf({ ...place, index: 'other' }))).message).toBe(
      'Unknown index "other". Use one of: notes.',
    );
    const both = { ...place, index: 'notes', embeddings: { model: 'm' } };
    for (const open of [openIndexOf, finderOf])
      expect((await failureOf(() => open(both))).message).toBe(
        'embeddings is for our own index, and notes searches in its place: leave one of the two settings out.',
      );
    undo();
    registered(notes({ put: undefined as never }));
    expect((await failureOf(() => openIndexOf({ ...place, index: 'notes' }))).message).toMatch(
      /^Plugin @me\/notes 1\.0\.0: the index notes: expected open to give \{ put, remove, search \}/,
    );
  });

  it('that fails now and then is asked again', async () => {
    const { root, place } = await folder();
    let fails = 2;
    const brought = notes({
      remove: () => {
        fails -= 1;
        if (fails >= 0) throw new Error('connection reset');
      },
    });
    registered(brought);
    const index = await openIndexOf({ ...place, index: 'notes' });
    onTestFinished(() => index.close());
    await addSource(index, root);
    await rm(join(root, 'water.md'));
    expect(await refreshSource(index, 'manuals')).toMatchObject({ removed: 1 });
  });
});
