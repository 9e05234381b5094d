import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { ExtractedText } from '../text/block.ts';
import type { Extract } from './extractor.ts';
import { BAD_EXTRACTED, BAD_EXTRACTOR, refusal } from './refusal.ts';
import { TextBuilder } from './text-builder.ts';

const HIGHEST_PAGE = 100_000;

const documentSchema = z.object({
  title: z.string().optional(),
  blocks: z.array(
    z.object({
      text: z.string(),
      level: z.int().min(1).max(6).optional(),
      page: z.int().min(1).max(HIGHEST_PAGE).optional(),
    }),
  ),
});

const moduleSchema = z.object({ extract: z.custom<Extract>((value) => typeof value === 'function') });

/** What a module that a plugin brought makes of files. Rejects with a Failure (`bad_extractor`) where the module cannot be used. */
export async function pluginReader(
  module: string,
): Promise<(bytes: Uint8Array, name: string) => Promise<ExtractedText>> {
  const path = fileURLToPath(module);
  const loaded: unknown = await import(module).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw refusal(BAD_EXTRACTOR, `${path} cannot be loaded: ${why}`, cause);
  });
  const { data } = moduleSchema.safeParse({ ...Object(loaded) });
  if (data === undefined)
    throw refusal(BAD_EXTRACTOR, `${path} has no export extract: expected a function of bytes and name.`);
  return async (bytes, name) => textOf(await data.extract(bytes, name), name);
}

function textOf(document: unknown, name: string): ExtractedText {
  const { data, error } = documentSchema.safeParse(document);
  if (data === undefined)
    throw refusal(
      BAD_EXTRACTED,
      `${name}: its extractor gave no text that can be used:\n${z.prettifyError(error)}`,
    );
  const builder = new TextBuilder();
  let page = 0;
  for (const block of data.blocks) {
    if (block.page !== undefined && block.page < page)
      throw refusal(BAD_EXTRACTED, `${name}: its extractor went from page ${page} back to ${block.page}.`);
    for (; page < (block.page ?? page); page += 1) builder.beginPage();
    builder.add(block.text.toWellFormed(), block.level);
  }
  return builder.built(name, data.title);
}
