import { z } from 'zod';
import type { ExtractedText } from '../text/block.ts';
import { pluginReader } from './plugin-reader.ts';
import { TEXT_READERS } from './text-readers.ts';

/** What a child is asked, and what it answers: hostile files are parsed where nothing can be read, written or started. */
const askedSchema = z.object({
  module: z.string(),
  name: z.string(),
  bytes: z.instanceof(Uint8Array),
});
export type ExtractionReply =
  | Readonly<{ text: ExtractedText }>
  | Readonly<{ refused: Readonly<{ code: string; message: string }> }>;

type Reader = (bytes: Uint8Array, name: string) => ExtractedText | Promise<ExtractedText>;

const OURS: Readonly<Record<string, Reader | undefined>> = {
  ...TEXT_READERS,
  'millrace:pdf': async (bytes, name) => (await import('./pdf.ts')).pdfFile(bytes, name),
  'millrace:docx': async (bytes, name) => (await import('./docx.ts')).docxFile(bytes, name),
  'millrace:epub': async (bytes, name) => (await import('./epub.ts')).epubFile(bytes, name),
  'millrace:html': async (bytes, name) => (await import('./html.ts')).htmlFile(bytes, name),
  'millrace:page': async (bytes, name) => (await import('./page.ts')).pageFile(bytes, name),
};

if (process.send !== undefined)
  process.on('message', (message: unknown) => {
    void answer(message).then((said) => process.send?.(said));
  });

async function answer(message: unknown): Promise<ExtractionReply> {
  const { module, name, bytes } = askedSchema.parse(message);
  try {
    const read = OURS[module] ?? (await pluginReader(module));
    return { text: await read(bytes, name) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.name === 'Failure')
      return refusedAs(String(error.code), error.message);
    const why = error instanceof Error ? error.message.slice(0, 200) : String(error);
    return refusedAs('bad_document', `${name}: cannot be read: ${why}`);
  }
}

function refusedAs(code: string, message: string): ExtractionReply {
  return { refused: { code, message } };
}
