import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { sourceName } from '../../infra/config/research-settings.ts';
import { DOCUMENT_TYPES, Extractors, extractorOf } from '../../infra/documents/extract/extractors.ts';
import { unknownSource } from '../../infra/documents/index/assert-known.ts';
import type { DocumentIndex, KnownDocument, Source } from '../../infra/documents/index/document-index.ts';
import { chunksOf } from '../../infra/documents/text/chunks.ts';
import { type FoundFile, filesUnder } from '../../infra/documents/walk.ts';
import { contentHashOf } from '../../stages/evidence/piece.ts';
import { asFailure, Failure } from '../../streams/failure.ts';

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

/** What became of the files of a source. `refused`: what each of them is, for people. */
export type Added = Readonly<{
  source: string;
  added: number;
  changed: number;
  unchanged: number;
  removed: number;
  refused: readonly string[];
  /** Of a kind that nothing reads. */
  passedOver: number;
  /** That nobody had before. */
  newChunks: number;
}>;

/** Files larger than this are refused. */
const MOST_BYTES = 200 * 1_024 * 1_024;

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
  if ((await stat(root)).isFile() && extractorOf(root) === undefined)
    throw bad(`${path}: nothing reads such files. Known are ${DOCUMENT_TYPES.join(', ')}.`);
  return readSource(index, source);
}

/** Reads a source again that was added before. Throws as `addSource`. */
export async function refreshSource(index: DocumentIndex, name: string): Promise<Added> {
  const source = await index.source(name);
  if (source === undefined) throw unknownSource(name, await namesOf(index));
  const there = await stat(source.root).catch(() => undefined);
  if (there === undefined)
    throw bad(
      `${source.root} is gone: nothing was changed. Take its text out with: millrace sources remove ${name}`,
    );
  return readSource(index, source);
}

/** The names of all sources. */
export async function namesOf(index: DocumentIndex): Promise<readonly string[]> {
  return (await index.sources()).map(({ name }) => name);
}

async function readSource(index: DocumentIndex, source: Source): Promise<Added> {
  await index.begin(source);
  const before = await index.documents(source.name);
  const seen = new Set<string>();
  const refused: string[] = [];
  const counts = { added: 0, changed: 0, unchanged: 0, removed: 0, passedOver: 0, newChunks: 0 };
  const extractors = new Extractors();
  try {
    for await (const file of filesUnder(source.root, source)) {
      if (extractorOf(file.path) === undefined) {
        counts.passedOver += 1;
        continue;
      }
      seen.add(file.path);
      const read = await readDocument(
        { index, extractors, name: source.name, fields: source.fields },
        file,
        before.get(file.path),
      );
      counts[read.end] += 1;
      counts.newChunks += read.newChunks;
      if (read.refused !== '') refused.push(read.refused);
    }
  } finally {
    extractors.close();
  }
  for (const path of before.keys())
    if (!seen.has(path)) {
      await index.drop(source.name, path);
      counts.removed += 1;
    }
  await index.end(source.name);
  return { source: source.name, ...counts, refused };
}

type Read = Readonly<{ end: 'added' | 'changed' | 'unchanged'; newChunks: number; refused: string }>;

type Reading = Readonly<{
  index: DocumentIndex;
  extractors: Extractors;
  name: string;
  fields: Source['fields'];
}>;

async function readDocument(
  { index, extractors, name, fields }: Reading,
  file: FoundFile,
  known: KnownDocument | undefined,
): Promise<Read> {
  const extractor = extractorOf(file.path, fields);
  const same = known?.extractor === extractor;
  const unchanged: Read = { end: 'unchanged', newChunks: 0, refused: known?.message ?? '' };
  if (same && known?.bytes === file.bytes && known.mtimeMs === file.mtimeMs) return unchanged;
  const end = known === undefined ? 'added' : 'changed';
  const facts = { path: file.path, bytes: file.bytes, mtimeMs: file.mtimeMs, extractor: extractor ?? '' };
  const at = new Date().toISOString();
  let fileHash = '';
  try {
    const bytes = await bytesOf(file);
    fileHash = createHash('sha256').update(bytes).digest('hex');
    if (same && known?.fileHash === fileHash) {
      await index.touch(name, { ...known, ...facts });
      return unchanged;
    }
    const text = await extractors.extract(file, bytes, fields);
    const textHash = contentHashOf(text.text);
    const indexed = { state: 'indexed', code: '', message: '' } as const;
    const document: KnownDocument = { ...facts, ...indexed, title: text.title, fileHash, textHash, at };
    if (same && known?.state === 'indexed' && known.textHash === textHash) {
      await index.touch(name, { ...document, at: known.at });
      return unchanged;
    }
    return { end, newChunks: await index.put(name, document, chunksOf(text)), refused: '' };
  } catch (error) {
    const { kind, code, message } = asFailure(error);
    if (kind !== 'poison') throw error;
    const refusal = { state: 'refused', code, message } as const;
    await index.put(name, { ...facts, ...refusal, title: file.path, fileHash, textHash: '', at }, []);
    return { end, newChunks: 0, refused: message };
  }
}

async function bytesOf({ path, file, bytes }: FoundFile): Promise<Buffer> {
  if (bytes > MOST_BYTES) throw new Failure('poison', 'too_large', `${path}: larger than 200 MiB; refused.`);
  return readFile(file).catch((cause: unknown) => {
    throw new Failure('poison', 'unreadable', `${path}: cannot be read.`, { cause });
  });
}

async function placeOf(path: string): Promise<string> {
  const real = await realpath(resolve(path)).catch(() => undefined);
  if (real !== undefined) return real;
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
