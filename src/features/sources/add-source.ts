import { realpath, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { sourceName } from '../../infra/config/research-settings.ts';
import { documentTypes } from '../../infra/documents/extract/extractor-slot.ts';
import { extractorOf } from '../../infra/documents/extract/extractors.ts';
import { unknownSource } from '../../infra/documents/index/assert-known.ts';
import type { DocumentIndex, Source } from '../../infra/documents/index/document-index.ts';
import type { FoundFile } from '../../infra/documents/walk.ts';
import { Failure } from '../../streams/failure.ts';
import { assertNotForgotten } from './forgotten-documents.ts';
import { type Added, readSource } from './read-source.ts';

export type AddOptions = Readonly<{
  name?: string | undefined;
  include?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
  license?: string | undefined;
  /** Of tables: the column that holds the text of each row, where more than one could. */
  textField?: string | undefined;
  /** Of tables: the column that holds its title. */
  titleField?: string | undefined;
}>;

/**
 * Indexes a folder or a file. The same again reads only what has changed since. Throws Failures: `bad_source` says what was expected;
 * a single file that cannot be read is among the refused.
 */
export async function addSource(
  index: DocumentIndex,
  path: string,
  options: AddOptions = {},
): Promise<Added> {
  const root = await placeOf(path);
  const name = nameOf(options.name, path);
  const known = await index.source(name);
  const source: Source = {
    ...{ name, root },
    include: options.include ?? known?.include ?? [],
    exclude: options.exclude ?? known?.exclude ?? [],
    license: options.license ?? known?.license ?? '',
    fields: {
      text: options.textField ?? known?.fields.text,
      title: options.titleField ?? known?.fields.title,
    },
    addedAt: known?.addedAt ?? new Date().toISOString(),
  };
  if (known !== undefined && known.root !== root)
    throw bad(`There is a source named ${name} already, of ${known.root}: name this one, with --name.`);
  assertNotForgotten(name, [...(await index.documents(name)).values()]);
  if ((await stat(root)).isFile() && extractorOf(root) === undefined)
    throw bad(`${path}: nothing reads such files. Known are ${documentTypes().join(', ')}.`);
  return readSource(index, source);
}

/**
 * Reads a source again that was added before. Throws as `addSource`.
 *
 * @param isStill whether a file is whole: one that is being written is left as it was known.
 */
export async function refreshSource(
  index: DocumentIndex,
  name: string,
  isStill?: (file: FoundFile) => boolean,
): Promise<Added> {
  const source = await index.source(name);
  if (source === undefined) throw unknownSource(name, await namesOf(index));
  assertNotForgotten(name, [...(await index.documents(name)).values()]);
  const there = await stat(source.root).catch(() => undefined);
  if (there === undefined)
    throw bad(
      `${source.root} is gone: nothing was changed. Take its text out with: millrace sources remove ${name}`,
    );
  return readSource(index, source, isStill);
}

export async function namesOf(index: DocumentIndex): Promise<readonly string[]> {
  return (await index.sources()).map(({ name }) => name);
}

async function placeOf(path: string): Promise<string> {
  const real = await realpath(resolve(path)).catch(() => undefined);
  if (real !== undefined) return real;
  if (/^https?:\/\//i.test(path))
    throw bad(
      `${path} is an address: expected a folder or a file. Download it first; or let research open pages of the web: --research tools, see docs/look-ups.md.`,
    );
  throw bad(`${path} does not exist: expected a folder or a file.`);
}

function nameOf(given: string | undefined, path: string): string {
  const made = basename(resolve(path))
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '');
  const parsed = sourceName.safeParse(given ?? made.slice(0, 60));
  if (parsed.success) return parsed.data;
  throw bad(
    `--name: expected a name of a-z, 0-9, dot, - and _, such as manuals; got ${JSON.stringify(given ?? made)}.`,
  );
}

function bad(message: string): Failure {
  return new Failure('fatal', 'bad_source', message);
}
