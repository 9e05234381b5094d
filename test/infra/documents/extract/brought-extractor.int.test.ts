import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addSource, refreshSource } from '../../../../src/features/sources/add-source.ts';
import { defineExtractor } from '../../../../src/infra/documents/extract/extractor.ts';
import { Extractors } from '../../../../src/infra/documents/extract/extractors.ts';
import { SourceIndex } from '../../../../src/infra/documents/index/source-index.ts';
import { chunksOf } from '../../../../src/infra/documents/text/chunks.ts';
import { registerPlugin } from '../../../../src/infra/plugins/register.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const SLIDES = `
export function extract(bytes: Uint8Array, name: string) {
  const slides = new TextDecoder().decode(bytes).split('---');
  if (slides.length < 2) throw new Error(name + ' has no slides.');
  return { blocks: slides.flatMap((text, index) => [
    { text: 'Slide ' + (index + 1), level: 1, page: index + 1 },
    { text, page: index + 1 },
  ]) };
}
`;

/** Extractors beside one that a plugin brings, of this module. */
async function brought(code: string, more: Readonly<{ types?: string[]; version?: string }> = {}) {
  const module = join(await tempDir(), 'read-slides.ts');
  await writeFile(module, code);
  const { types = ['.slides'], version = '1' } = more;
  const slides = defineExtractor({ name: 'slides', version, types, module: pathToFileURL(module) });
  const { undo } = registerPlugin({ name: '@me/slides', version: '1.0.0', extractors: [slides] });
  const extractors = new Extractors();
  onTestFinished(() => {
    undo();
    extractors.close();
  });
  const read = (text: string, path = 'talk.slides') =>
    extractors.extract({ path, file: path }, Buffer.from(text));
  return { read, undo, module };
}

describe('an extractor of a plugin', () => {
  it('makes texts with headings and pages, which are cut as others are', async () => {
    const { read } = await brought(SLIDES);
    expect(chunksOf(await read('The oil pressure.---The water.'))).toMatchObject([
      { heading: 'Slide 1', page: 1, text: expect.stringContaining('The oil pressure.') },
      { heading: 'Slide 2', page: 2, text: expect.stringContaining('The water.') },
    ]);
  });

  it('refuses a file by what it throws, and the next one is read', async () => {
    const { read } = await brought(SLIDES);
    expect(await failureOf(() => read('One.'))).toMatchObject({
      kind: 'poison',
      message: 'talk.slides: cannot be read: talk.slides has no slides.',
    });
    expect((await read('One.---Two.')).pages).toHaveLength(2);
  });

  it('reads no file of the user', async () => {
    const spying = `import { readFileSync } from 'node:fs';
export const extract = () => ({ blocks: [{ text: readFileSync('/etc/hostname', 'utf8') }] });`;
    const { message } = await failureOf((await brought(spying)).read.bind(undefined, 'x'));
    expect(message).toMatch(/^talk\.slides: cannot be read: Access to this API has been restricted/);
  });

  it.each([
    [
      'throws while it is loaded',
      'throw new Error("no licence");',
      /read-slides\.ts cannot be loaded: no licence$/,
    ],
    [
      'exports something else',
      'export const read = 1;',
      /read-slides\.ts has no export extract: expected a function/,
    ],
  ])('that %s ends the command with one message', async (_what, code, why) => {
    const { read } = await brought(code);
    const failure = await failureOf(() => read('x'));
    expect(failure).toMatchObject({ kind: 'fatal', code: 'bad_extractor' });
    expect(failure.message).toMatch(why);
  });

  it.each([
    ['no blocks', 'export const extract = () => "text";', /its extractor gave no text that can be used/],
    [
      'pages that go back',
      "export const extract = () => ({ blocks: [{ text: 'a', page: 2 }, { text: 'b', page: 1 }] });",
      /its extractor went from page 2 back to 1\.$/,
    ],
    ['an empty text', 'export const extract = () => ({ blocks: [] });', /holds no text\.$/],
  ])('that gives %s refuses that file', async (_what, code, why) => {
    const failure = await failureOf((await brought(code)).read.bind(undefined, 'x'));
    expect(failure).toMatchObject({ kind: 'poison', message: expect.stringMatching(why) });
  });

  it('takes an ending of ours over', async () => {
    const upper = `export const extract = (bytes) => ({ title: 'Read', blocks: [{ text: String.fromCharCode(...bytes).toUpperCase() }] });`;
    const { read, undo } = await brought(upper, { types: ['.html'] });
    expect(await read('<p>oil</p>', 'a.html')).toMatchObject({ title: 'Read', text: '<P>OIL</P>' });
    undo();
    expect(await read('<p>oil</p>', 'a.html')).toMatchObject({ text: 'oil' });
  });
});

it('a document whose extractor is not registered here stays until its file goes, and another version reads it again', async () => {
  const data = await tempDir();
  const root = join(data, 'talks');
  await mkdir(root);
  await writeFile(join(root, 'a.slides'), 'The oil pressure.---The water.');
  await writeFile(join(root, 'b.md'), '# Beside\n\nA text.');
  const index = new SourceIndex(join(data, 'index.db'), data);
  onTestFinished(() => index.close());
  const first = await brought(SLIDES);
  expect(await addSource(index, root)).toMatchObject({ added: 2, passedOver: 0 });
  first.undo();
  expect(await refreshSource(index, 'talks')).toMatchObject({
    unchanged: 2,
    passedOver: 0,
    removed: 0,
    refused: [],
  });
  await writeFile(join(root, 'a.slides'), 'The oil pressure.---The water!!');
  expect(await refreshSource(index, 'talks')).toMatchObject({
    unchanged: 2,
    refused: ['a.slides: has changed, and the plugin that reads it is not here; what was read before stays.'],
  });
  await brought(SLIDES.replace('The', 'A'), { version: '2' });
  expect(await refreshSource(index, 'talks')).toMatchObject({ unchanged: 1, changed: 1 });
  await rm(join(root, 'a.slides'));
  expect(await refreshSource(index, 'talks')).toMatchObject({ removed: 1 });
});

it('a source whose extractor cannot be used is free at once for the next try', async () => {
  const data = await tempDir();
  await writeFile(join(data, 'a.slides'), 'One.---Two.');
  const index = new SourceIndex(join(data, 'index.db'), data);
  onTestFinished(() => index.close());
  const broken = await brought('export {};');
  await failureOf(() => addSource(index, join(data, 'a.slides'), { name: 'talk' }));
  broken.undo();
  await brought(SLIDES);
  const again = new SourceIndex(join(data, 'index.db'), data);
  onTestFinished(() => again.close());
  expect(await addSource(again, join(data, 'a.slides'), { name: 'talk' })).toMatchObject({ added: 1 });
});
