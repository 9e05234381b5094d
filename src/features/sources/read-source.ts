import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Extractors, extractorOf } from '../../infra/documents/extract/extractors.ts';
import type {
  DocumentIndex,
  KnownDocument,
  ReadDocument,
  Source,
} from '../../infra/documents/index/document-index.ts';
import { chunksOf } from '../../infra/documents/text/chunks.ts';
import { type FoundFile, filesUnder } from '../../infra/documents/walk.ts';
import { contentHashOf } from '../../stages/evidence/piece.ts';
import { asFailure, Failure } from '../../streams/failure.ts';
import { isForgotten, staysOut } from './forgotten-documents.ts';
import { PutBatch } from './put-batch.ts';

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
  /** That were forgotten, and stay out. */
  forgotten: number;
  /** That nobody had before. */
  newChunks: number;
}>;

/** Files larger than this are refused. */
const MOST_BYTES = 200 * 1_024 * 1_024;

/** Reads what has changed in the source, and nothing else. Throws a Failure (`bad_source`) where another process is at it. */
export async function readSource(
  index: DocumentIndex,
  source: Source,
  isStill: (file: FoundFile) => boolean = () => true,
): Promise<Added> {
  await index.begin(source);
  const before = await index.documents(source.name);
  const seen = new Set<string>();
  const refused: string[] = [];
  const counts = { added: 0, changed: 0, unchanged: 0, removed: 0, passedOver: 0, forgotten: 0 };
  const isOut = staysOut([...before.values()]);
  const extractors = new Extractors();
  const batch = new PutBatch(index, source.name);
  try {
    for await (const file of filesUnder(source.root, source)) {
      if (isOut(file.path)) {
        counts.forgotten += 1;
        continue;
      }
      if (extractorOf(file.path) === undefined) {
        const known = before.get(file.path);
        if (known === undefined) {
          counts.passedOver += 1;
          continue;
        }
        // Whoever has its extractor has read it: it stays until the file goes.
        seen.add(file.path);
        counts.unchanged += 1;
        if (isChanged(file, known)) refused.push(unreadChange(file));
        continue;
      }
      seen.add(file.path);
      if (isChanged(file, before.get(file.path)) && !isStill(file)) continue;
      const read = await readDocument(
        { extractors, fields: source.fields, mark: index.mark },
        file,
        before.get(file.path),
      );
      counts[read.end] += 1;
      if (read.put !== undefined) await batch.add(read.put);
      if (read.refused !== '') refused.push(read.refused);
    }
    await batch.flush();
  } catch (error) {
    // Nobody has to wait for what ended by itself.
    await Promise.resolve(index.end(source.name)).catch(() => undefined);
    throw error;
  } finally {
    extractors.close();
  }
  for (const [path, document] of before)
    if (!seen.has(path) && !isForgotten(document)) {
      await index.drop(source.name, path);
      counts.removed += 1;
    }
  await index.end(source.name);
  return { source: source.name, ...counts, newChunks: batch.newChunks, refused };
}

type Read = Readonly<{ end: 'added' | 'changed' | 'unchanged'; put?: ReadDocument; refused: string }>;

type Reading = Readonly<{ extractors: Extractors; fields: Source['fields']; mark: string | undefined }>;

async function readDocument(
  { extractors, fields, mark = '' }: Reading,
  file: FoundFile,
  known: KnownDocument | undefined,
): Promise<Read> {
  const extractor = [extractorOf(file.path, fields), mark].filter(Boolean).join('+');
  const same = known?.extractor === extractor;
  const unchanged: Read = { end: 'unchanged', refused: known?.message ?? '' };
  if (same && !isChanged(file, known)) return unchanged;
  const end = known === undefined ? 'added' : 'changed';
  const facts = { path: file.path, bytes: file.bytes, mtimeMs: file.mtimeMs, extractor };
  const at = new Date().toISOString();
  let fileHash = '';
  try {
    const bytes = await bytesOf(file);
    fileHash = createHash('sha256').update(bytes).digest('hex');
    if (same && known?.fileHash === fileHash)
      return { ...unchanged, put: { document: { ...known, ...facts } } };
    const text = await extractors.extract(file, bytes, fields);
    const textHash = contentHashOf(text.text);
    const indexed = { state: 'indexed', code: '', message: '' } as const;
    const document: KnownDocument = { ...facts, ...indexed, title: text.title, fileHash, textHash, at };
    if (same && known?.state === 'indexed' && known.textHash === textHash)
      return { ...unchanged, put: { document: { ...document, at: known.at } } };
    return { end, put: { document, chunks: chunksOf(text) }, refused: '' };
  } catch (error) {
    const { kind, code, message } = asFailure(error);
    if (kind !== 'poison') throw error;
    const refusal = { state: 'refused', code, message } as const;
    const document = { ...facts, ...refusal, title: file.path, fileHash, textHash: '', at };
    return { end, put: { document, chunks: [] }, refused: message };
  }
}

function isChanged({ bytes, mtimeMs }: FoundFile, known: KnownDocument | undefined): boolean {
  return known?.bytes !== bytes || known.mtimeMs !== mtimeMs;
}

function unreadChange({ path }: FoundFile): string {
  return `${path}: has changed, and the plugin that reads it is not here; what was read before stays.`;
}

async function bytesOf({ path, file, bytes }: FoundFile): Promise<Buffer> {
  if (bytes > MOST_BYTES) throw new Failure('poison', 'too_large', `${path}: larger than 200 MiB; refused.`);
  return readFile(file).catch((cause: unknown) => {
    throw new Failure('poison', 'unreadable', `${path}: cannot be read.`, { cause });
  });
}
