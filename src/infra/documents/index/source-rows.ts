import { z } from 'zod';
import { type Source, sourceSchema } from './document-index.ts';

const { include, exclude, fields } = sourceSchema.shape;
const json = z.string().transform((text): unknown => JSON.parse(text));
const sourceRow = sourceSchema.extend({
  include: json.pipe(include),
  exclude: json.pipe(exclude),
  fields: json.pipe(fields),
});

/** A row of `sources` as its source. */
export function sourceOf(row: Readonly<Record<string, unknown>>): Source {
  return sourceRow.parse({ ...row, addedAt: row['added_at'] });
}
