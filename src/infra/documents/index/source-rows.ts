import { z } from 'zod';
import type { KnownDocument, Source } from './document-index.ts';

const listSchema = z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text)));
const fieldsSchema = z
  .string()
  .transform((text) =>
    z.object({ text: z.string().optional(), title: z.string().optional() }).parse(JSON.parse(text)),
  );
const sourceRow = z.object({
  id: z.number(),
  name: z.string(),
  root: z.string(),
  include: listSchema,
  exclude: listSchema,
  license: z.string(),
  fields: fieldsSchema,
  added_at: z.string(),
});
const documentRow = z.object({
  path: z.string(),
  title: z.string(),
  bytes: z.number(),
  mtime_ms: z.number(),
  file_hash: z.string(),
  text_hash: z.string(),
  extractor: z.string(),
  state: z.enum(['indexed', 'refused']),
  code: z.string(),
  message: z.string(),
  at: z.string(),
});

/** A row of `sources`. */
export function sourceOf(row: unknown): Source {
  const { id: _, added_at: addedAt, ...rest } = sourceRow.parse(row);
  return { ...rest, addedAt };
}

/** A row of `documents`. */
export function documentOf(row: unknown): KnownDocument {
  const { mtime_ms: mtimeMs, file_hash: fileHash, text_hash: textHash, ...rest } = documentRow.parse(row);
  return { ...rest, mtimeMs, fileHash, textHash };
}
