import mammoth from 'mammoth';
import type { ExtractedText } from '../text/block.ts';
import { addHtml } from './html.ts';
import { refusal } from './refusal.ts';
import { TextBuilder } from './text-builder.ts';
import { filesInZip } from './zip.ts';

const DOCUMENT = 'word/document.xml';

/** The text of a Word file. Pictures and whatever it links to are left alone. */
export async function docxFile(bytes: Uint8Array, name: string): Promise<ExtractedText> {
  const files = await filesInZip(bytes, name, (entry) => entry === DOCUMENT).catch((error: unknown) => {
    throw error instanceof Error && 'code' in error && error.code === 'bad_zip'
      ? notWord(name, error)
      : error;
  });
  if (!files.has(DOCUMENT)) throw notWord(name);
  const builder = new TextBuilder();
  const convertImage = mammoth.images.imgElement(async () => ({ src: '' }));
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { value } = await mammoth
    .convertToHtml({ buffer }, { externalFileAccess: false, convertImage })
    .catch((cause: unknown) => {
      throw refusal('bad_document', `${name}: a Word file that cannot be read.`, cause);
    });
  addHtml(builder, value, name);
  return builder.built(name);
}

function notWord(name: string, cause?: unknown) {
  return refusal('bad_document', `${name}: not a Word file (no ${DOCUMENT}).`, cause);
}
