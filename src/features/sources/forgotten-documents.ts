import { unknownSource } from '../../infra/documents/index/assert-known.ts';
import type {
  DocumentIndex,
  KnownDocument,
  SourceTally,
} from '../../infra/documents/index/document-index.ts';
import { covers, documentSource } from '../../stages/evidence/source-key.ts';
import { Failure } from '../../streams/failure.ts';

const FORGOTTEN = 'forgotten';
/** In the place of all documents of a source. */
const ALL = '';

/** Stands in the index in the place of text that was forgotten, so that no later reading brings it back. */
export function isForgotten({ code }: KnownDocument): boolean {
  return code === FORGOTTEN;
}

/** Whether a file was forgotten, alone or with its folder. */
export function staysOut(documents: readonly KnownDocument[]): (path: string) => boolean {
  const gone = documents.filter(isForgotten).map(({ path }) => path);
  return (path) => gone.some((each) => isWithin(each, path));
}

/** Throws a Failure (`bad_source`) where all of the source was forgotten. */
export function assertNotForgotten(name: string, documents: readonly KnownDocument[]): void {
  if (!staysOut(documents)(ALL)) return;
  const message = `${name} was forgotten, and its text stays out. If it may come back, give it another name: --name.`;
  throw new Failure('fatal', 'bad_source', message);
}

/** How many documents are indexed under the path; of all of the source without one. */
export async function countWithin(index: DocumentIndex, name: string, path = ALL): Promise<number> {
  return (await within(index, name, path)).length;
}

/**
 * Takes the document or the folder out of the index, or all of the source without a path, and keeps it out. Throws a Failure
 * (`bad_source`) where another process is indexing the source.
 *
 * @param onTaken when nobody else can write the source any more, and before anything is changed.
 */
export async function takeOut(
  index: DocumentIndex,
  name: string,
  path: string | undefined,
  onTaken: () => Promise<void>,
): Promise<void> {
  const made = { root: '', include: [], exclude: [], license: '', fields: {}, addedAt: now() };
  await index.begin((await index.source(name)) ?? { name, ...made });
  await onTaken();
  for (const document of await within(index, name, path ?? ALL)) await index.drop(name, document.path);
  const nothing = { title: '', bytes: 0, mtimeMs: 0, fileHash: '', textHash: '', extractor: '' };
  const message = `${path === undefined ? name : path}: forgotten; it stays out.`;
  const stone = { state: 'refused', code: FORGOTTEN, message, at: now() } as const;
  await index.put(name, [{ document: { path: path ?? ALL, ...nothing, ...stone }, chunks: [] }]);
  await index.end(name);
}

/**
 * Takes the text of a source out; what stays out because it was forgotten stays named. Throws a Failure (`bad_source`) where there is
 * no such source.
 */
export async function removeSource(index: DocumentIndex, name: string): Promise<SourceTally> {
  const sources = await index.sources();
  const source = sources.find((each) => each.name === name);
  if (source === undefined)
    throw unknownSource(
      name,
      sources.map((each) => each.name),
    );
  await index.begin(source);
  const documents = [...(await index.documents(name)).values()];
  if (!documents.some(isForgotten)) await index.remove(name);
  else {
    for (const document of documents) if (!isForgotten(document)) await index.drop(name, document.path);
    await index.end(name);
  }
  return source;
}

async function within(index: DocumentIndex, name: string, path: string): Promise<readonly KnownDocument[]> {
  const documents = [...(await index.documents(name)).values()];
  return documents.filter((document) => !isForgotten(document) && isWithin(path, document.path));
}

function isWithin(folder: string, path: string): boolean {
  return folder === ALL || (path !== ALL && covers(documentSource('', folder), documentSource('', path)));
}

const now = () => new Date().toISOString();
